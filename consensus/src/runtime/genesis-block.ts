import { ZERO_HASH } from "@noema/core/bytes";
import type { ExecResult } from "@noema/core/ports/application";
import type { Hash } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import type { Block, Body } from "../types.ts";
import { bodyRoots, headerHash } from "../wire/convert.ts";

/** Height 0, base of epoch 0: nobody votes on it. Its parentHash is genesisHash, so the hash of every block commits to that. */
export function createGenesisBlock(o: { genesisHash: Hash; timestampMs: number; exec: ExecResult; set: ValidatorSet }): Block {
  const body: Body = { certs: [], evidence: [], seals: [], depositsL1: [] };
  const header = {
    epoch: 0,
    view: 0,
    height: 0,
    parentHash: o.genesisHash,
    timestampMs: o.timestampMs,
    proposer: 0,
    randaoReveal: new Uint8Array(96),
    ...bodyRoots(body),
    l1Origin: { number: 0, hash: ZERO_HASH },
    payloadBytes: 0,
    blobBytes: 0,
    gasLimitSum: 0n,
    exec: o.exec,
    validatorSetHash: o.set.hash,
    nextValidatorSetHash: o.set.hash,
  };
  return { hash: headerHash(header), header, body };
}
