import { ZERO_HASH } from "@noema/core/bytes";
import type { Block, Body } from "../types.ts";
import { bodyRoots, headerHash } from "../wire/convert.ts";
import type { ConsensusDeps } from "./deps.ts";

type GenesisDeps = Pick<ConsensusDeps, "application" | "genesisHash" | "genesisTimestampMs">;

/** Height 0, base of epoch 0: nobody votes on it. Its parentHash is genesisHash, so the hash of every block commits to that. */
export function genesisBlockOf({ application, genesisHash, genesisTimestampMs }: GenesisDeps): Block {
  const exec = application.result(0);
  const set = application.validatorSet(0);
  if (exec === undefined || set === undefined) throw new RangeError("the application has no result or no validators of genesis");
  const body: Body = { certs: [], evidence: [], seals: [], depositsL1: [] };
  const header = {
    epoch: 0,
    view: 0,
    height: 0,
    parentHash: genesisHash,
    timestampMs: genesisTimestampMs,
    proposer: 0,
    randaoReveal: new Uint8Array(96),
    ...bodyRoots(body),
    l1Origin: { number: 0, hash: ZERO_HASH },
    payloadBytes: 0,
    blobBytes: 0,
    gasLimitSum: 0n,
    exec,
    validatorSetHash: set.hash,
    nextValidatorSetHash: set.hash,
  };
  return { hash: headerHash(header), header, body };
}
