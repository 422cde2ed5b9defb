/** Rows of an object by who holds them. */
import type { DaRows } from "../types.ts";

/** Slots [from, to). */
export type Block = { validator: number; from: number; to: number };
/** `needed`: data rows, the first ones; any so many of all rebuild the object. `signers`: whose signatures the certificate has. */
export type Layout = { rows: number; needed: number; blocks: readonly Block[]; signers: ReadonlySet<number> };

/** In the order of validators. */
export function layoutOf({ rows, needed, holders }: DaRows): Layout {
  const blocks = (holders ?? []).map(({ validator, from, to }) => ({ validator, from: Number(from), to: Number(to) }));
  const signers = (holders ?? []).filter((x) => x.signed).map((x) => x.validator);
  return {
    rows: Number(rows),
    needed: Number(needed),
    blocks: blocks.sort((a, b) => a.validator - b.validator),
    signers: new Set(signers),
  };
}

/** "0-7,9", as noema-rows-read has it. */
export function parseRuns(text: string): Set<number> {
  const slots = new Set<number>();
  for (const run of text.split(",")) {
    const [first, last = first] = run.split("-").map(Number) as [number, number?];
    for (let slot = first; slot <= last; slot++) slots.add(slot);
  }
  return slots;
}

/** "8 data"; nothing of none. */
export const rowsOf = (count: number, kind: string) => (count === 0 ? [] : [`${count} ${kind}`]);

/** "Rows 24 to 47: 8 data, 16 parity", "Row 3: parity". */
export function rowsText({ from, to }: Block, needed: number): string {
  if (from === to) return "no rows";
  if (to - from === 1) return `Row ${from}: ${from < needed ? "data" : "parity"}`;
  const data = Math.max(0, Math.min(to, needed) - from);
  return `Rows ${from} to ${to - 1}: ${[...rowsOf(data, "data"), ...rowsOf(to - from - data, "parity")].join(", ")}`;
}
