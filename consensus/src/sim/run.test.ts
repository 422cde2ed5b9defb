import { expect, test } from "vitest";
import { runSeed } from "./run.ts";

test("a seed is a run: twice the same digest, and another seed another one", async () => {
  const [first, second, other] = [await runSeed(4), await runSeed(4), await runSeed(7)];
  expect(first.outcome, first.detail).toBe("passed");
  expect(second.digest).toBe(first.digest);
  expect(other.digest).not.toBe(first.digest);
});

test("with real BLS signatures the same seed is the same run as well", async () => {
  const short = { bend: (s: import("./scenario.ts").Scenario) => ({ ...s, faultsUntil: 300, newHeights: 2 }) };
  const [first, second] = [await runSeed(100, short), await runSeed(100, short)];
  expect(first.scenario.bls).toBe(true);
  expect(first.outcome, first.detail).toBe("passed");
  expect(second.digest).toBe(first.digest);
});

test.each([2, 5, 8, 46])("seed %i passes", async (seed) => {
  const verdict = await runSeed(seed);
  expect(verdict.outcome, verdict.detail).toBe("passed");
});
