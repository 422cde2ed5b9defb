/** Verified data rows that were read of late, in memory: whoever reads on in a row, or the same object again, waits for no disk and no peer. */
import { createBoundedMap } from "@noema/core/bounded";
import { toHex } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";

export type HotRows = {
  get(id: Hash, slot: number): Bytes | undefined;
  set(id: Hash, slot: number, row: Bytes): void;
};

/** @param limit rows of 131,072 bytes */
export function createHotRows(limit: number): HotRows {
  const rows = createBoundedMap<string, Bytes>(limit);
  const keyOf = (id: Hash, slot: number) => `${toHex(id)} ${slot}`;
  return {
    get: (id, slot) => rows.get(keyOf(id, slot)),
    set: (id, slot, row) => rows.set(keyOf(id, slot), row),
  };
}
