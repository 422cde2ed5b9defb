/** Blocks by hash: the question and its answer (consensus.md 2.1). */
import type { ValueOf } from "@chainsafe/ssz";
import type { Hash, Height } from "@noema/core/ports/bytes";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ContainerType, ListCompositeType, UintNumberType } from "@noema/core/types/ssz";
import type { Block } from "../types.ts";
import { blockType } from "./block.ts";
import { fromBlock, toBlock } from "./body.ts";
import { message } from "./message.ts";

/** The block with `hash` and its ancestors, newest first, at most `count`, none at or below height `above`. Answer: Blocks. */
type GetBlocks = { type: "GetBlocks"; hash: Hash; count: number; above: Height };
export const getBlocksType = new ContainerType({ hash: hash32, count: new UintNumberType(2), above: uint64 }, { typeName: "GetBlocks" });
export const getBlocksMessage = message<GetBlocks, ValueOf<typeof getBlocksType>>(
  "GetBlocks",
  8,
  getBlocksType,
  (x) => x,
  (raw) => raw,
);

/** Blocks of one frame; more go by request and answer, one block a chunk. */
export const FRAME_BLOCKS = 16;
type Blocks = { type: "Blocks"; blocks: Block[] };
export const blocksType = new ListCompositeType(blockType, FRAME_BLOCKS, { typeName: "Blocks" });
export const blocksMessage = message<Blocks, ValueOf<typeof blocksType>>(
  "Blocks",
  6,
  blocksType,
  ({ blocks }) => blocks.map(toBlock),
  (raw) => ({ blocks: raw.map(fromBlock) }),
);
