import type { ExecutedBlock } from "@noema/execution/api";
import { expect, it } from "vitest";
import { createHeads } from "./heads.ts";

const FEES = { baseFeePerGas: 1n, blobBaseFee: 1n };
const executed = (height: number) => ({ block: { height }, nextFees: FEES }) as ExecutedBlock;
const headsAt = (latest: number, alone = false) => createHeads({ latest, nextFees: FEES }, alone, { log() {} });

it("shows as finalized only what a final header agrees with, also while it catches up", () => {
  const heads = headsAt(0);
  for (const height of [1, 2, 3]) heads.executed(executed(height));
  expect(heads.heights()).toEqual({ latest: 3, safe: 3, finalized: 0 });
  heads.agreed(2);
  expect(heads.heights()).toEqual({ latest: 3, safe: 3, finalized: 2 });
  heads.agreed(1);
  expect(heads.heights().finalized).toBe(2);
});

it("in doubt, safe is what was certified", () => {
  const heads = headsAt(9);
  heads.agreed(6);
  heads.doubt();
  heads.executed(executed(10));
  expect(heads.heights()).toEqual({ latest: 10, safe: 6, finalized: 6 });
});

it("a lone validator's newest block is final, since nobody else could certify it", () => {
  const heads = headsAt(4, true);
  expect(heads.heights()).toEqual({ latest: 4, safe: 4, finalized: 4 });
  heads.agreed(1);
  heads.doubt();
  expect(heads.heights()).toEqual({ latest: 4, safe: 1, finalized: 1 });
});
