/**
 * What a chain store lets go: blocks and their certificates below a height, but for genesis and for the last block of each epoch with its F,
 * by which others are led from epoch to epoch.
 */
import { u64be } from "@noema/core/bytes";
import type { Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { shortHashOp } from "@noema/core/short-hash";
import { hashOf } from "./stored-block.ts";
import { OLDEST, TABLES } from "./tables.ts";

/** Heights let go for each that comes: more than one, so that it catches up; few, so that no write is slow. */
export const DROP_STEP = 4;

/** Of heights `from` up to `end`, which is then the oldest that is kept. */
export function dropOps(snapshot: KvSnapshot, from: Height, end: Height, isBoundary: (height: Height) => boolean): KvOp[] {
  const ops: KvOp[] = [{ table: TABLES.meta, key: OLDEST, value: u64be(end) }];
  for (let height = from; height < end; height++) {
    const key = u64be(height);
    const block = isBoundary(height) ? undefined : snapshot.get(TABLES.blocks, key);
    if (block === undefined) continue;
    ops.push({ ...shortHashOp(TABLES.heights, hashOf(block), key), value: null });
    for (const table of [TABLES.blocks, TABLES.finalizations, TABLES.notarizations]) ops.push({ table, key, value: null });
  }
  return ops;
}
