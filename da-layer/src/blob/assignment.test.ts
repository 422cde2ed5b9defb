import type { ValidatorSet } from "@noema/core/ports/signing";
import { createValidatorSet } from "@noema/core/validator-set";
import { expect, it } from "vitest";
import { assignSlots } from "./assignment.ts";
import { slotCount, totalSlots } from "./shares.ts";

/** Fewest rows that a set of more than a third of the stake can hold: knapsack over (weight, rows). */
function worstRows(weights: readonly number[], rows: readonly number[]): number {
  const total = weights.reduce((a, b) => a + b, 0);
  const limit = rows.reduce((a, b) => a + b, 0);
  const heaviest = new Array<number>(limit + 1).fill(-1); // heaviest[r]: most weight that r rows can come with
  heaviest[0] = 0;
  for (const [v, w] of weights.entries())
    for (let r = limit; r >= rows[v]!; r--)
      if (heaviest[r - rows[v]!]! >= 0) heaviest[r] = Math.max(heaviest[r]!, heaviest[r - rows[v]!]! + w);
  return heaviest.findIndex((w) => 3 * w > total);
}

const zipf = (n: number) => Array.from({ length: n }, (_, i) => Math.max(1, Math.floor(10_000 / (i + 1))));
const equal = (n: number) => new Array<number>(n).fill(100);
const ceilRule = (weights: readonly number[], R: number) => {
  const total = BigInt(weights.reduce((a, b) => a + b, 0));
  return weights.map((w) => slotCount(BigInt(w), total, R));
};
/** The negative control: N = 3R slots by largest remainder. */
function fixedN(weights: readonly number[], R: number): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((w) => (3 * R * w) / total);
  const rows = exact.map(Math.floor);
  const byRemainder = exact.map((x, v) => [x - Math.floor(x), v] as const).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  let left = 3 * R - rows.reduce((a, b) => a + b, 0);
  for (const [, v] of byRemainder) if (left-- > 0) rows[v]!++;
  return rows;
}

/** Numbers of validators. */
const ALL = Array.from({ length: 197 }, (_, i) => i + 4);
const failing = (rule: (weights: readonly number[], R: number) => number[], stakes: (n: number) => number[], R: number) =>
  ALL.filter((n) => worstRows(stakes(n), rule(stakes(n), R)) < R);

it("any set with more than a third of the stake holds R rows, 4 to 200 validators, equal and Zipf", () => {
  for (const R of [1, 8, 24, 32]) for (const stakes of [equal, zipf]) expect(failing(ceilRule, stakes, R)).toEqual([]);
});

it("without the ceiling it fails", () => {
  const floorRule = (weights: readonly number[], R: number) => {
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => Math.min(R, Math.floor((3 * R * w) / total)));
  };
  // with equal stakes not where 3 R is a multiple of their number, or little above one
  const equally = failing(floorRule, equal, 24);
  expect(equally).toEqual(expect.arrayContaining([19, 25, ...ALL.filter((n) => n > 72)]));
  expect(equally).not.toContain(4);
  expect(failing(floorRule, zipf, 24)).toEqual(ALL.filter((n) => n > 4));
});

it("a fixed N with rounding fails: R = 24, N = 72 from 25 validators on", () => {
  expect(worstRows(equal(10), fixedN(equal(10), 24))).toBeGreaterThanOrEqual(24);
  expect(worstRows(zipf(25), fixedN(zipf(25), 24))).toBeLessThan(24);
  expect(worstRows(equal(50), fixedN(equal(50), 24))).toBeLessThan(24);
  expect(worstRows(equal(100), fixedN(equal(100), 24))).toBeLessThan(24);
});

it("costs what da.md says", () => {
  const slots = (n: number, R: number) => ceilRule(equal(n), R).reduce((a, b) => a + b, 0);
  expect([slots(4, 24), slots(20, 24), slots(100, 24), slots(100, 32)]).toEqual([72, 80, 100, 100]);
});

function setOf(weights: readonly bigint[]): ValidatorSet {
  return createValidatorSet(
    0,
    weights.map((weight, i) => ({ publicKey: new Uint8Array(48).fill(i + 1), weight, feeAddress: new Uint8Array(20) })),
  );
}

it("gives contiguous ranges that cover all slots once, in an order of the seed, the publisher and the nonce", () => {
  const set = setOf([5n, 1n, 1n, 90n]);
  const seed = new Uint8Array(32).fill(1);
  const publisher = new Uint8Array(20);
  const { N, ranges } = assignSlots(set, 8, seed, publisher, 1);
  expect(N).toBe(totalSlots(set, 8));
  const sorted = [...ranges].sort((a, b) => a.from - b.from);
  expect(sorted[0]!.from).toBe(0);
  for (const [i, r] of sorted.entries()) expect(r.to).toBe(sorted[i + 1]?.from ?? N);
  expect(ranges.map((r) => r.validator)).toEqual([0, 1, 2, 3]);
  expect(Math.max(...ranges.map((r) => r.to - r.from))).toBe(8); // capped at R
  const orders = new Set(
    Array.from({ length: 20 }, (_, nonce) =>
      assignSlots(set, 8, seed, publisher, nonce)
        .ranges.map((r) => r.from)
        .join(),
    ),
  );
  expect(orders.size).toBeGreaterThan(5);
});
