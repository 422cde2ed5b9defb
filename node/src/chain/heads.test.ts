import { blockNumber } from "@noema/core/block-number";
import type { ExecutedBlock } from "@noema/execution/api";
import { expect, it } from "vitest";
import { createHeads, revertsAmong } from "./heads.ts";

const FEES = { baseFeePerGas: 1n, blobBaseFee: 1n };
/** On a chain whose numbers lag its heights. */
const head = (height: number) => ({ height, number: blockNumber(Math.max(0, height - 1)) });
const executed = (height: number) => ({ result: head(height), nextFees: FEES }) as ExecutedBlock;
const headsAt = (latest: number, alone = false) => createHeads({ latest: head(latest), nextFees: FEES }, alone, { log() {} });
const tags = (latest: number, safe: number, finalized: number) => ({ latest: head(latest), safe: head(safe), finalized: head(finalized) });

it("shows as finalized only what a final header agrees with, also while it catches up", () => {
  const heads = headsAt(0);
  for (const height of [1, 2, 3]) heads.executed(executed(height));
  expect(heads.tags()).toEqual(tags(3, 3, 0));
  heads.agreed(head(2));
  expect(heads.tags()).toEqual(tags(3, 3, 2));
  heads.agreed(head(1));
  expect(heads.tags().finalized).toEqual(head(2));
});

it("in doubt, safe is what was certified", () => {
  const heads = headsAt(9);
  heads.agreed(head(6));
  heads.doubt();
  heads.executed(executed(10));
  expect(heads.tags()).toEqual(tags(10, 6, 6));
});

it("a lone validator's newest block is final, since nobody else could certify it", () => {
  const heads = headsAt(4, true);
  expect(heads.tags()).toEqual(tags(4, 4, 4));
  heads.agreed(head(1));
  heads.doubt();
  expect(heads.tags()).toEqual(tags(4, 1, 1));
});

it("after a revert the number of latest falls, and finalized names no block that it took out, certified or not", () => {
  const heads = headsAt(0);
  for (const height of [1, 2, 3]) heads.executed(executed(height));
  heads.agreed(head(3));
  const back = { height: 4, number: blockNumber(1) };
  heads.executed({ result: back, reverted: {}, nextFees: FEES } as ExecutedBlock);
  expect(heads.tags()).toEqual({ latest: back, safe: back, finalized: { height: 3, number: blockNumber(1) } });
  const next = { height: 5, number: blockNumber(2) };
  heads.executed({ result: next, nextFees: FEES } as ExecutedBlock);
  expect(heads.tags().finalized.number).toBe(1);
  heads.agreed(next);
  expect(heads.tags().finalized).toEqual(next);
});

it("started again between a revert and its certification, finalized names no block that it took out, nor one in their place", () => {
  const at = (height: number, number: number) => ({ height, number: blockNumber(number) });
  const results = [at(7, 6), at(8, 7), at(9, 2), at(10, 3), at(11, 3), at(12, 9)];
  expect(revertsAmong(results)).toEqual([at(9, 2)]);
  const heads = createHeads({ latest: at(12, 9), nextFees: FEES, reverts: revertsAmong(results) }, false, { log() {} });
  heads.agreed(at(8, 7));
  expect(heads.tags().finalized).toEqual(at(8, 2));
  heads.agreed(at(9, 2));
  heads.agreed(at(12, 9));
  expect(heads.tags().finalized).toEqual(at(12, 9));
});
