/** A final block as the application gets it. */
import type { FinalBlock } from "@noema/core/ports/application";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { consensusError } from "../errors.ts";
import type { ChainStore } from "../store/chain-store.ts";
import type { Block } from "../types.ts";
import { blockRef } from "./block-ref.ts";

type SetOf = (epoch: number) => ValidatorSet | undefined;
export type FinalBlockDeps = { store: Pick<ChainStore, "block" | "beacon" | "tip" | "oldest">; setOf: SetOf };

/** Throws CONSENSUS_PRUNED, CONSENSUS_STORE_CORRUPT. */
export function finalBlockAt({ store, setOf }: FinalBlockDeps, height: Height): { block: Block; final: FinalBlock } {
  if (height < store.oldest())
    throw consensusError("CONSENSUS_PRUNED", `block ${height} is asked for, and those below ${store.oldest()} were let go`, { height });
  const block = store.block(height);
  const beacon = store.beacon(height);
  if (block === undefined || beacon === undefined)
    throw consensusError("CONSENSUS_STORE_CORRUPT", `no block of height ${height} below the tip ${store.tip()}`);
  return { block, final: finalBlock(setOf, block, beacon.mix) };
}

/** Throws CONSENSUS_STORE_CORRUPT. */
export function finalBlock(setOf: SetOf, block: Block, prevRandao: Hash): FinalBlock {
  const { parentHash, proposer, epoch } = block.header;
  const feeAddress = setOf(epoch)?.members[proposer]?.feeAddress;
  if (feeAddress === undefined) throw consensusError("CONSENSUS_STORE_CORRUPT", `proposer ${proposer} is not in the set of epoch ${epoch}`);
  return { ...blockRef(block), parentHash, proposer, feeAddress, prevRandao, certs: block.body.certs };
}
