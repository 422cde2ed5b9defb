/** Real nodes on loopback, with keyed-hash validators. */
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { ZERO_HASH } from "@noema/core/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import { createRecordingLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import type { HelloContext } from "../hello.ts";
import { createP2pNetwork, type P2pNetwork } from "../p2p-network.ts";

const MAX_NODES = 5;
const { scheme, signers } = createKeyedValidators(Array.from({ length: MAX_NODES }, () => 1n));

export function helloOf(index: number): HelloContext {
  return {
    genesisHash: ZERO_HASH,
    specHash: ZERO_HASH,
    instance: new Uint8Array(16).fill(index + 1),
    signer: signers[index],
    scheme,
  };
}

export const KEYS = signers.map((x) => x.publicKey);

export const peerKey = (index: number) => generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(index + 1));

export type NodeOptions = { hello?: HelloContext; listen?: string; clock?: Clock };

export async function createNode(index: number, peers: readonly string[], o: NodeOptions = {}) {
  const logger = createRecordingLogger();
  const { hello = helloOf(index), clock = systemClock } = o;
  const isValidator = (key: PublicKeyHex) => KEYS.includes(key);
  const deps = { privateKey: await peerKey(index), hello, isValidator, clock, random: systemRandom, logger, metrics: nullMetrics };
  return { network: createP2pNetwork({ listen: [o.listen ?? "/ip4/127.0.0.1/tcp/0"], peers }, deps), logger };
}

export async function idOf(index: number): Promise<string> {
  return peerIdFromPrivateKey(await peerKey(index)).toString();
}

/** Node i dials the nodes before it. */
export async function startNodes(count: number) {
  const networks: P2pNetwork[] = [];
  for (let i = 0; i < count; i++) {
    const { network } = await createNode(
      i,
      networks.flatMap((n) => n.addresses()),
    );
    await network.start(new AbortController().signal);
    networks.push(network);
  }
  return {
    networks,
    allConnected: () => Promise.all(networks.map((n) => untilPeers(n, count - 1))).then(() => {}),
    close: async () => {
      await Promise.all(networks.map((n) => n.stop()));
    },
  };
}

export function untilPeers(network: P2pNetwork, count: number): Promise<void> {
  return new Promise((resolve) => {
    const check = () => network.peers().length === count && resolve();
    network.onPeer(check);
    check();
  });
}
