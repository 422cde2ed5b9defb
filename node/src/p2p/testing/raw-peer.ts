/** A peer that speaks libp2p and then whatever a test wants. */
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { Stream } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import type { Bytes } from "@noema/core/ports/bytes";
import { encodeFrame } from "../framing.ts";
import { encodeHello, type HelloContext } from "../hello.ts";
import { startLibp2p } from "../libp2p-node.ts";
import { CONSENSUS, VERSION } from "../protocol.ts";

let next = 100;

/** With an id of its own each time: bans do not carry over. */
export async function connectRaw(address: string) {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, next++);
  const node = await startLibp2p(await generateKeyPairFromSeed("Ed25519", seed), []);
  const connection = await node.dial(multiaddr(address)).catch(async (error) => {
    await node.stop();
    throw error;
  });
  const closed = new Promise<void>((resolve) => connection.addEventListener("close", () => resolve()));
  const open = (protocol: string): Promise<Stream> => connection.newStream(protocol);
  return {
    closed,
    open,
    peerId: node.peerId.toMultihash().bytes as Bytes,
    /** Sends a Hello made of `context`, signed for `peerId` (default: the own one). */
    async hello(context: HelloContext, peerId: Bytes = node.peerId.toMultihash().bytes, nowMs = Date.now()): Promise<Stream> {
      const stream = await open(CONSENSUS);
      stream.send(encodeFrame(await encodeHello(context, VERSION, peerId, nowMs)));
      return stream;
    },
    async stop() {
      await node.stop();
    },
  };
}
