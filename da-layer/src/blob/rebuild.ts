/** The rows of any slots, with their paths, from any R good ones: what a holder lost is written anew. */
import { equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { daError } from "../errors.ts";
import { merkleLevels, merklePath, type RowWithPath, rowLeaf } from "./chunk-tree.ts";
import type { BlobObject } from "./object.ts";
import { decodeRows, extendRows } from "./row-code.ts";

/** @param known slots to checked rows. Throws RangeError on fewer than R; DA_ROW_MISMATCH: the rows are not those under rowsRoot. */
export function rebuildRows(
  { meta, rowsRoot }: BlobObject,
  known: readonly (readonly [number, Bytes])[],
  slots: readonly number[],
): RowWithPath[] {
  const data = decodeRows(new Map(known), meta.R);
  const rows = [...data, ...extendRows(data, meta.N)];
  const levels = merkleLevels(rows.map(rowLeaf));
  if (!equalBytes(levels.at(-1)![0]!, rowsRoot)) throw daError("DA_ROW_MISMATCH", "the tree of the rebuilt rows has another root");
  return slots.map((slot) => ({ slot, row: rows[slot]!, path: merklePath(levels, slot) }));
}
