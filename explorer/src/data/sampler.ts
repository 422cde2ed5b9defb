/** Sampling in the tab, a script of its own: BLS and KZG are three times the page, and are loaded by who samples. Asks the node that served it. */
import type { ObjectFacts } from "@noema/da-layer/sampling/certified";
import { type SamplingProgress, type SamplingResult, sampleObject } from "@noema/da-layer/sampling/client";
import { createHttpSource } from "@noema/da-layer/sampling/http-source";
import { createNobleCrypto } from "@noema/da-layer/sampling/noble-crypto";
import { rpc } from "../rpc.ts";
import type { Hex, NodeInfo } from "../types.ts";

type Member = { publicKey: Hex; weight: Hex; feeAddress: Hex };

export type SamplingEvents = { onFacts(facts: ObjectFacts): void; onSample(progress: SamplingProgress): void };

const clock = {
  nowMs: () => performance.now(),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Throws what sampleObject throws, an error with a code. */
export async function sample(id: Hex, samples: number, events: SamplingEvents, signal: AbortSignal): Promise<SamplingResult> {
  const [info, validators] = await Promise.all([rpc<NodeInfo>("noema_nodeInfo"), rpc<Member[]>("noema_validators")]);
  const members = validators.map((x) => ({ publicKey: bytes(x.publicKey), weight: BigInt(x.weight), feeAddress: bytes(x.feeAddress) }));
  const total = members.reduce((sum, member) => sum + member.weight, 0n);
  const genesisHash = bytes(info.genesisHash);
  return sampleObject({
    id: bytes(id),
    samples,
    sources: [createHttpSource(location.origin)],
    chain: {
      chainId: Number(info.chainId),
      genesisHash,
      validatorSetOf: (epoch) => ({ epoch, members, total, hash: genesisHash }), // genesis names them for every epoch; nothing asks the set's hash
    },
    crypto: createNobleCrypto(genesisHash),
    clock,
    signal,
    ...events,
  });
}

function bytes(hex: Hex): Uint8Array {
  return Uint8Array.from({ length: (hex.length - 2) / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i + 2, 2 * i + 4), 16));
}
