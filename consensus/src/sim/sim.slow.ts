import { expect, test } from "vitest";
import { runSeed } from "./run.ts";

const FIRST = 10_001;
const SEEDS = 40;

test(`seeds ${FIRST} to ${FIRST + SEEDS - 1} hold every invariant and finalize again after the faults`, async () => {
  const failed: string[] = [];
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const verdict = await runSeed(seed);
    if (verdict.outcome !== "passed") failed.push(`seed ${seed}: ${verdict.outcome}: ${verdict.detail}`);
  }
  expect(failed).toEqual([]);
});
