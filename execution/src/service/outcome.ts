/** What the consensus block of a height did beside transactions, skipped and changed, as far as history is kept: for finding out where two validators part. */
import type { Height } from "@noema/core/ports/bytes";
import type { BlockChanges } from "../api.ts";
import { readSummary } from "../blocks/bodies.ts";
import { CHANGES, heightKey, splitIds } from "../state/keys.ts";
import { valueAt } from "../state/reader.ts";
import type { View } from "./view.ts";

export function readChanges({ snapshot, head }: View, height: Height, limit: number): BlockChanges {
  const packed = height > head ? undefined : snapshot.get(CHANGES, heightKey(height));
  const ids = packed === undefined ? [] : splitIds(packed);
  const changes = ids.slice(0, limit).map((id) => ({
    table: id[0] === 0 ? ("accounts" as const) : ("slots" as const),
    key: id.slice(1),
    before: valueAt(snapshot, id, height - 1, head)?.slice(),
    after: valueAt(snapshot, id, height, head)?.slice(),
  }));
  const { operations, skipped } = readSummary(snapshot, height);
  return { operations: operations.slice(0, limit), skipped: skipped.slice(0, limit), changes, left: ids.length - changes.length };
}
