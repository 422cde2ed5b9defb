import { expect, it } from "vitest";
import { chanceOfMissing, fewestMissing } from "./confidence.ts";

it("30 samples of 24 rows out of 72 miss with 2.9e-6, 40 with 4.1e-8", () => {
  expect(chanceOfMissing(30, 24, 72)).toBeCloseTo(2.91e-6, 8);
  expect(chanceOfMissing(40, 24, 72)).toBeCloseTo(4.12e-8, 10);
  expect(chanceOfMissing(0, 24, 72)).toBe(1);
});

/** Ways to draw k of n. */
const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

it("is the chance that none of the missing cells is drawn, without repetition", () => {
  const [R, N] = [2, 8];
  const [total, missing] = [1024, fewestMissing(R, N)];
  expect(missing).toBe(7 * 65);
  for (const k of [1, 2, 5, 9]) expect(chanceOfMissing(k, R, N)).toBeCloseTo(choose(total - missing, k) / choose(total, k), 12);
  expect(chanceOfMissing(total - missing + 1, R, N)).toBe(0);
});
