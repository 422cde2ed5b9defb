import { equalBytes, to0x, ZERO_HASH } from "@noema/core/bytes";
import { consensusError } from "../errors.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block, Body } from "../types.ts";
import { bodyRoots, headerHash } from "../wire/body.ts";
import type { ConsensusDeps } from "./deps.ts";

type GenesisDeps = Pick<ConsensusDeps, "application" | "genesisHash" | "genesisTimestampMs">;

/** The one that the first start made and stored: later the application need not know its result any more. Throws CONSENSUS_STORE_CORRUPT. */
export async function openGenesis(store: ChainStore, deps: GenesisDeps): Promise<Block> {
  const stored = store.block(0);
  if (stored === undefined) {
    const made = genesisBlockOf(deps);
    await store.putGenesis(made);
    return made;
  }
  if (!equalBytes(stored.header.parentHash, deps.genesisHash))
    throw consensusError("CONSENSUS_STORE_CORRUPT", `the chain store is that of genesis ${to0x(stored.header.parentHash)}`);
  return stored;
}

/** Height 0, base of epoch 0: nobody votes on it. Its parentHash is genesisHash, so the hash of every block commits to that. */
function genesisBlockOf({ application, genesisHash, genesisTimestampMs }: GenesisDeps): Block {
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
