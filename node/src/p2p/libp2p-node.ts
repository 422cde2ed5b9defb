/**
 * libp2p with nothing that talks by itself: no identify, no DHT, no ping (silence.ts sees who does not answer).
 * The address book is the configuration.
 */
import type { PrivateKey } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { tls } from "@libp2p/tls";
import { yamux } from "@libp2p/yamux";
import { createLibp2p, type Libp2p } from "libp2p";
import { hostOf } from "./address-book.ts";
import { p2pError } from "./errors.ts";
import { gatherWrites } from "./gathered-writes.ts";

const WINDOW_BYTES = 4 << 20; // one stream moves at most this much a round trip: 40 MB/s at 100 ms
const MAX_CONNECTIONS = 512; // two for each of 200 validators while duplicates are sorted out, and room for others

const multiplexed = yamux({
  maxMessageSize: 64 << 10,
  streamOptions: { maxStreamWindowSize: WINDOW_BYTES, maxReadBufferLength: 2 * WINDOW_BYTES }, // a paused stream fills its window
});

/** The multiaddr of a TCP port at an IP address. */
export const tcpAddress = ({ host, port }: { host: string; port: number }) => `/ip${host.includes(":") ? 6 : 4}/${host}/tcp/${port}`;

/**
 * Listens when it resolves; connections of a host that is refused end before the handshake. Throws P2P_LISTEN_FAILED, also for an address
 * that does not parse.
 */
export async function startLibp2p(
  privateKey: PrivateKey,
  listen: readonly string[],
  refuses: (host: string) => boolean = () => false,
): Promise<Libp2p> {
  try {
    const node = await createStopped(privateKey, listen, refuses);
    await node.start();
    return node;
  } catch (error) {
    // the library's advice is about its own options
    const reason = /\bE[A-Z]{4,}\b/.exec(String(error))?.[0] ?? String(error).split("\n")[0];
    throw p2pError(
      "P2P_LISTEN_FAILED",
      `${listen.join(", ")}: ${reason}; choose another p2p.port, or an IP address as p2p.host`,
      { listen },
      error,
    );
  }
}

function createStopped(privateKey: PrivateKey, listen: readonly string[], refuses: (host: string) => boolean): Promise<Libp2p> {
  return createLibp2p({
    start: false,
    privateKey,
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [tls()],
    streamMuxers: [() => gatherWrites(multiplexed())],
    connectionMonitor: { enabled: false },
    connectionGater: { denyInboundConnection: ({ remoteAddr }) => refuses(hostOf(remoteAddr)) },
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      maxIncomingPendingConnections: 32, // each holds a socket and a handshake for up to 5 s
      inboundConnectionThreshold: 32, // a second and host: a whole devnet dials from one
      inboundUpgradeTimeout: 5_000,
      dialTimeout: 5_000,
      reconnectRetries: 0, // dialer.ts does that
    },
  });
}
