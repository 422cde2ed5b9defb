import type { ExecutedBlock } from "@noema/execution/api";
import type { BlockRecord, HeadRecord } from "@noema/execution/records";
import { expect, it } from "vitest";
import { createHeadFeed, followHeads } from "./head-feed.ts";

function feed() {
  let listener: (block: ExecutedBlock) => void = () => undefined;
  const asked: { number: number; answer(found: boolean): void }[] = [];
  const told: number[] = [];
  const end = followHeads(
    {
      chain: {
        onHead(f) {
          listener = f;
          return () => undefined;
        },
      },
      execution: {
        block: (number) =>
          new Promise((resolve) => {
            asked.push({ number: Number(number), answer: (found) => resolve(found ? ({ number } as BlockRecord) : undefined) });
          }),
      },
    },
    ({ number }) => told.push(number),
  );
  const head = (number: number, quiet = 0) =>
    listener({ quiet, result: { number: number + quiet }, block: { number } as HeadRecord } as unknown as ExecutedBlock);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { head, told, end, settle, bare: () => listener({ quiet: 0, result: { number: 1 } } as unknown as ExecutedBlock), asked };
}

it("tells each block once and in order, though quiet ones are looked up", async () => {
  const { head, bare, told, asked, settle } = feed();
  head(1);
  bare();
  expect(told).toEqual([1]);
  head(2, 2);
  head(5);
  await settle();
  expect([told, asked.map((x) => x.number)]).toEqual([[1, 2], [3]]);
  asked[0]?.answer(true);
  await settle();
  asked[1]?.answer(true);
  await settle();
  expect(told).toEqual([1, 2, 3, 4, 5]);
  head(6);
  expect(told.at(-1)).toBe(6);
});

it("ends in the middle of them, and where they were taken back goes on behind", async () => {
  const first = feed();
  first.head(1, 100);
  await first.settle();
  first.asked[0]?.answer(false);
  first.head(1);
  await first.settle();
  expect(first.told).toEqual([1, 1]);
  first.head(2, 100);
  await first.settle();
  first.end();
  first.asked[1]?.answer(true);
  await first.settle();
  expect([first.told, first.asked.length]).toEqual([[1, 1, 2, 3], 2]);
});

it("for many who listen each quiet head is looked up once, and for none nothing is", async () => {
  const listeners = new Set<(block: ExecutedBlock) => void>();
  let asked = 0;
  const follow = createHeadFeed({
    chain: {
      onHead(f) {
        listeners.add(f);
        return () => listeners.delete(f);
      },
    },
    execution: {
      block: async (number) => {
        asked++;
        return { number } as unknown as BlockRecord;
      },
    },
  });
  const told: number[][] = [[], []];
  const ends = told.map((own) => follow(({ number }) => own.push(number)));
  const quiet = { quiet: 2, result: { number: 3 }, block: { number: 1 } } as unknown as ExecutedBlock;
  for (const f of listeners) f(quiet);
  await expect
    .poll(() => told)
    .toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  expect([asked, listeners.size]).toEqual([2, 1]);
  ends[0]?.();
  expect(listeners.size).toBe(1);
  ends[1]?.();
  expect(listeners.size).toBe(0);
});
