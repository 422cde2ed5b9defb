/** Vertical extension and decoding over whole rows: dense linear combinations, one reduction an element. */
import type { Bytes } from "@noema/core/ports/bytes";
import { combination, systematicCombination } from "./code-points.ts";
import { parseRow, ROW_ELEMENTS, serializeRow } from "./elements.ts";
import { P } from "./field.ts";

/** sum coefficients[k] * rows[k]. */
export function combineRows(coefficients: readonly bigint[], rows: readonly (readonly bigint[])[]): bigint[] {
  const used = coefficients.map((c, k) => [c, rows[k]!] as const).filter(([c]) => c !== 0n);
  const out = new Array<bigint>(ROW_ELEMENTS);
  for (let e = 0; e < ROW_ELEMENTS; e++) {
    let sum = 0n;
    for (const [c, row] of used) sum += c * row[e]!;
    out[e] = sum % P;
  }
  return out;
}

/** Parity rows of slots R .. N-1. */
export function extendRows(data: readonly (readonly bigint[])[], N: number): bigint[][] {
  const R = data.length;
  return Array.from({ length: N - R }, (_, k) => combineRows(systematicCombination(R + k, R), data));
}

/** All R data rows from any R slots of checked rows; systematic rows are taken as they are. Throws RangeError on fewer than R. */
export function decodeRows(known: ReadonlyMap<number, Bytes>, R: number): Bytes[] {
  const slots = [...known.keys()].sort((a, b) => a - b).slice(0, R);
  if (slots.length < R) throw new RangeError(`${slots.length} rows where ${R} are needed`);
  const missing = Array.from({ length: R }, (_, i) => i).filter((i) => !known.has(i));
  const parsed = missing.length === 0 ? [] : slots.map((s) => parseRow(known.get(s)!)!);
  const rebuilt = new Map(missing.map((i) => [i, serializeRow(combineRows(combination(slots, i, R), parsed))]));
  return Array.from({ length: R }, (_, i) => known.get(i) ?? rebuilt.get(i)!);
}
