/**
 * The vertical code (da.md section 2). n = 2^ceil(log2 R); w_n = 7^((p-1)/n); g = 7^((p-1)/4096).
 *   code index j:  x_j = g^floor(j/n) * w_n^(j mod n)              4096/n disjoint cosets
 *   column polynomial: degree < n, value row_i at x_i for i < R, 0 at x_i for R <= i < n (a shortened code)
 *   slot s < R -> j = s (systematic); s >= R -> j = n + (s - R) (parity)
 * The indexes R <= j < n are never assigned, so any R slots determine the column.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { inverse, inverses, mod, P, power, powers, rootOfUnity } from "./field/scalars.ts";

export const CODE_LENGTH = 4096;

export function domainSize(R: number): number {
  return R <= 1 ? 1 : 2 ** Math.ceil(Math.log2(R));
}

/** Slots that the code has for R data rows. */
export function maxSlots(R: number): number {
  return R + CODE_LENGTH - domainSize(R);
}

function codeIndex(slot: number, R: number): number {
  return slot < R ? slot : domainSize(R) + (slot - R);
}

/** x_j of all code indexes, for each n (at most 8 tables of 4,096). */
const points = new Map<number, bigint[]>();

export function codePoint(index: number, n: number): bigint {
  let table = points.get(n);
  if (table === undefined) {
    table = powers(rootOfUnity(CODE_LENGTH), CODE_LENGTH / n).flatMap((coset) => powers(rootOfUnity(n), n).map((w) => (coset * w) % P));
    points.set(n, table);
  }
  return table[index]!;
}

export function slotPoint(slot: number, R: number): bigint {
  return codePoint(codeIndex(slot, R), domainSize(R));
}

/** Points where every column is zero. */
function zeroPoints(R: number): bigint[] {
  const n = domainSize(R);
  return Array.from({ length: n - R }, (_, i) => codePoint(R + i, n));
}

/** g^(coset j) / n for j < n: what n times a coefficient is to be multiplied with before a transform gives the column's values on the coset. */
export function cosetFactors(coset: number, n: number): bigint[] {
  const scale = inverse(BigInt(n));
  return powers(power(rootOfUnity(CODE_LENGTH), BigInt(coset)), n).map((x) => (x * scale) % P);
}

/**
 * For each target coefficients c with row_target = sum c_k row_(slots[k]): Lagrange through the R slots and the zero points. No target
 * is one of the slots. Throws RangeError unless there are R different slots.
 */
export function combinations(slots: readonly number[], targets: readonly number[], R: number): bigint[][] {
  if (slots.length !== R || new Set(slots).size !== R) throw new RangeError(`${slots.length} slots where ${R} different ones are needed`);
  const own = slots.map((s) => slotPoint(s, R));
  const nodes = [...own, ...zeroPoints(R)];
  const distances = (x: bigint) => nodes.map((node) => mod(x - node));
  const denominators = own.map((x) => product(distances(x).filter((d) => d !== 0n)));
  const points = targets.map((t) => slotPoint(t, R));
  const inverted = inverses(points.flatMap((x) => own.map((node, k) => (denominators[k]! * mod(x - node)) % P)));
  return points.map((x, t) => {
    const all = product(distances(x));
    return own.map((_, k) => (all * inverted[t * R + k]!) % P);
  });
}

function product(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a * b) % P, 1n);
}

/** 128 objects of 32 slots; one takes 4 KiB. */
const systematic = createBoundedMap<number, bigint[]>(4096);

/** L_i(x_slot) for i < R: what a slot is of the data rows. One formula, since the nodes are all n-th roots of unity. */
export function systematicCombination(slot: number, R: number): readonly bigint[] {
  const key = R * CODE_LENGTH + slot;
  let known = systematic.get(key);
  if (known === undefined) {
    known = lagrangeAt(slot, R);
    systematic.set(key, known);
  }
  return known;
}

function lagrangeAt(slot: number, R: number): bigint[] {
  if (slot < R) return Array.from({ length: R }, (_, i) => (i === slot ? 1n : 0n));
  const n = domainSize(R);
  const x = slotPoint(slot, R);
  const scale = mod((power(x, BigInt(n)) - 1n) * inverse(BigInt(n)));
  const nodes = Array.from({ length: R }, (_, i) => codePoint(i, n));
  return inverses(nodes.map((node) => mod(x - node))).map((d, i) => (((scale * nodes[i]!) % P) * d) % P);
}
