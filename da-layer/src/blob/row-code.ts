/**
 * Vertical extension and decoding over whole rows, a block of positions at a time. Extension is a transform to the coefficients of each
 * column and another one for each coset of parity; any other combination of rows is a sum of products for each element.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import { combinations, cosetFactors, domainSize } from "./code-points.ts";
import { ROW_BYTES } from "./elements.ts";
import { BLOCKS, FACTORS, fieldKernel, INVERSE_ROOTS, ROOTS } from "./field/kernel.ts";
import { inverse, powers, rootOfUnity } from "./field/scalars.ts";

const newRows = (count: number): Bytes[] => Array.from({ length: count }, () => new Uint8Array(ROW_BYTES));

function requireCanonical(canonical: number): void {
  if (!canonical) throw new RangeError("an element of a row is not canonical");
}

/** Parity rows of slots R .. N-1 of 1 to 128 data rows. Throws RangeError on an element that is not canonical. */
export function extendRows(data: readonly Bytes[], N: number): Bytes[] {
  const kernel = fieldKernel();
  const R = data.length;
  const n = domainSize(R);
  const parity = newRows(N - R);
  const cosets = Array.from({ length: Math.ceil(parity.length / n) }, (_, i) => parity.slice(i * n, (i + 1) * n));
  const root = rootOfUnity(n);
  kernel.setFactors(ROOTS, powers(root, n / 2));
  kernel.setFactors(INVERSE_ROOTS, powers(inverse(root), n / 2));
  kernel.setFactors(
    FACTORS,
    cosets.flatMap((_, i) => cosetFactors(i + 1, n)),
  );
  for (let block = 0; block < BLOCKS; block++) {
    kernel.load(data, block);
    requireCanonical(kernel.interpolate(R, n));
    for (const [i, rows] of cosets.entries()) {
      kernel.evaluate(n, i, rows.length);
      kernel.store(rows, block);
    }
  }
  return parity;
}

/** For each list of coefficients sum coefficients[k] * rows[k]; at most 128 lists and rows. Throws RangeError as extendRows does. */
export function combineRows(lists: readonly (readonly bigint[])[], rows: readonly Bytes[]): Bytes[] {
  const kernel = fieldKernel();
  const combined = newRows(lists.length);
  kernel.setFactors(FACTORS, lists.flat());
  for (let block = 0; block < BLOCKS; block++) {
    kernel.load(rows, block);
    requireCanonical(kernel.combine(rows.length, lists.length));
    kernel.store(combined, block);
  }
  return combined;
}

/** All R data rows from any R slots of checked rows; systematic rows are taken as they are. Throws RangeError on fewer than R. */
export function decodeRows(known: ReadonlyMap<number, Bytes>, R: number): Bytes[] {
  const slots = [...known.keys()].sort((a, b) => a - b).slice(0, R);
  if (slots.length < R) throw new RangeError(`${slots.length} rows where ${R} are needed`);
  const missing = Array.from({ length: R }, (_, i) => i).filter((i) => !known.has(i));
  if (missing.length === 0) return slots.map((s) => known.get(s) as Bytes);
  const rebuilt = combineRows(
    combinations(slots, missing, R),
    slots.map((s) => known.get(s) as Bytes),
  );
  const all = new Map([...known, ...missing.map((slot, i) => [slot, rebuilt[i] as Bytes] as const)]);
  return Array.from({ length: R }, (_, i) => all.get(i) as Bytes);
}
