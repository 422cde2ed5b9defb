import { concatBytes, u64be } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";

export const ROWS = 12;

/** 16 bytes that say whose they are, and 32 to 352 that depend on them. */
export function crashValue(round: number, row: number): Bytes {
  const head = concatBytes(u64be(round), u64be(row));
  return concatBytes(head, ...Array.from({ length: 1 + ((round + row) % 11) }, () => sha256(head)));
}

export const CRASH_TABLES = ["t0", "t1", "t2", "lazy"];
