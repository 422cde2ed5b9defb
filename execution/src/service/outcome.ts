/** What the consensus block of a height did beside transactions, skipped and changed, as far as history is kept: for finding out where two validators part. */
import type { Height } from "@noema/core/ports/bytes";
import type { BlockChanges } from "../api.ts";
import { readSummary } from "../blocks/bodies.ts";
import { changesOf } from "../state/changes.ts";
import { valueAt } from "../state/reader.ts";
import type { View } from "./view.ts";

export function readChanges({ snapshot, head }: View, height: Height, limit: number): BlockChanges {
  const all = height > head ? [] : [...changesOf(snapshot, height)];
  const changes = all.slice(0, limit).map(({ id, before }) => ({
    table: id[0] === 0 ? ("accounts" as const) : ("slots" as const),
    key: id.slice(1),
    before: before?.slice(),
    after: valueAt(snapshot, id, height, head)?.slice(),
  }));
  const { operations, skipped } = readSummary(snapshot, height);
  return { operations: operations.slice(0, limit), skipped: skipped.slice(0, limit), changes, left: all.length - changes.length };
}
