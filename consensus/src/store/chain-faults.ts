/** Whether a chain store holds what it says: each kept block hashes to its name and stands on the one before, indices and certificates lead to it. */
import { equalBytes, to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Hash, Height } from "@noema/core/ports/bytes";
import { type Block, LIMITS } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { fromBlock } from "../wire/body.ts";
import type { ChainStore } from "./chain-store.ts";

const STEP = LIMITS.blocks;

/** A height, and what is wrong there in words; now and then one without words, so that whoever reads sees how far it is. */
export type ChainFault = { height: Height; wrong?: string };

export function* chainFaults(store: ChainStore): Iterable<ChainFault> {
  let parent: Hash | undefined;
  for (let height = store.oldest(); height <= store.tip(); height++) {
    const { block, wrong } = read(store, height);
    if (wrong !== undefined) yield { height, wrong };
    else if (parent !== undefined && block !== undefined && !equalBytes(block.header.parentHash, parent))
      yield { height, wrong: `block ${height} does not stand on block ${height - 1}` };
    else if (height % STEP === 0) yield { height };
    parent = block?.hash;
  }
  const top = store.finalizedUpTo(store.tip());
  if (store.tip() > 0 && top === undefined) yield { height: store.tip(), wrong: "no block is certified final" };
}

function read(store: ChainStore, height: Height): { block?: Block; wrong?: string } {
  try {
    const encoded = store.encodedBlock(height);
    const stored = store.block(height);
    if (encoded === undefined || stored === undefined) return { wrong: `block ${height} is missing` };
    const block = fromBlock(blockType.deserialize(encoded));
    if (!equalBytes(block.hash, stored.hash))
      return { wrong: `block ${height} has hash ${to0x(block.hash)}, it is filed as ${to0x(stored.hash)}` };
    if (block.header.height !== height) return { wrong: `block ${block.header.height} is filed as ${height}` };
    if (store.heightOf(block.hash) !== height) return { block, wrong: `block ${height} is not found by its hash` };
    return { block };
  } catch (error) {
    return { wrong: `block ${height} does not decode: ${isNoemaError(error) ? error.code : error}` };
  }
}
