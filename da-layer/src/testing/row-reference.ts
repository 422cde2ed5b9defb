/**
 * The row code in BigInt, written down as da.md 2 has it: the judge of the WASM kernel, which must equal it. Test support, no production code.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import { systematicCombination } from "../blob/code-points.ts";
import { bytesToElement, ELEMENT_BYTES, ROW_BYTES, ROW_ELEMENTS, writeElement } from "../blob/elements.ts";
import { inverse, inverses, mod, P, power, rootOfUnity } from "../blob/field/scalars.ts";

/** undefined when an element is not canonical (>= p). */
export function parseRow(row: Bytes): bigint[] | undefined {
  const elements = Array.from({ length: ROW_ELEMENTS }, (_, i) => bytesToElement(row.subarray(i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES)));
  return elements.every((x) => x !== undefined) ? elements : undefined;
}

export function serializeRow(elements: readonly bigint[]): Bytes {
  const row = new Uint8Array(ROW_BYTES);
  const view = new DataView(row.buffer);
  for (const [i, element] of elements.entries()) writeElement(view, i * ELEMENT_BYTES, element);
  return row;
}

/** sum coefficients[k] * rows[k]. */
export function referenceCombination(coefficients: readonly bigint[], rows: readonly (readonly bigint[])[]): bigint[] {
  return Array.from({ length: ROW_ELEMENTS }, (_, e) => coefficients.reduce((sum, c, k) => sum + c * rows[k]![e]!, 0n) % P);
}

/** Parity rows of slots R .. N-1. */
export function referenceExtension(data: readonly (readonly bigint[])[], N: number): bigint[][] {
  const R = data.length;
  return Array.from({ length: N - R }, (_, k) => referenceCombination(systematicCombination(R + k, R), data));
}

let domain: bigint[] | undefined;

function rowDomain(): bigint[] {
  if (domain !== undefined) return domain;
  const bits = Math.log2(ROW_ELEMENTS);
  const root = rootOfUnity(ROW_ELEMENTS);
  const out = new Array<bigint>(ROW_ELEMENTS);
  let x = 1n;
  for (let i = 0; i < ROW_ELEMENTS; i++) {
    out[reverseBits(i, bits)] = x;
    x = (x * root) % P;
  }
  domain = out;
  return out;
}

function reverseBits(value: number, bits: number): number {
  let out = 0;
  for (let i = 0; i < bits; i++) out |= ((value >> i) & 1) << (bits - 1 - i);
  return out;
}

/** b_e = (z^4096 - 1) / 4096 * x_e / (z - x_e). undefined when z lies in the domain. */
export function referenceWeights(z: bigint): bigint[] | undefined {
  const vanishing = mod(power(z, BigInt(ROW_ELEMENTS)) - 1n);
  if (vanishing === 0n) return undefined;
  const scale = (vanishing * inverse(BigInt(ROW_ELEMENTS))) % P;
  const points = rowDomain();
  return inverses(points.map((x) => mod(z - x))).map((d, e) => (((scale * points[e]!) % P) * d) % P);
}

export function referenceValue(weights: readonly bigint[], row: readonly bigint[]): bigint {
  let sum = 0n;
  for (let e = 0; e < row.length; e++) sum += weights[e]! * row[e]!;
  return sum % P;
}
