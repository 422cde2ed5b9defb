import { expect, it } from "vitest";
import { createAhead, type Missing } from "./ahead.ts";
import { type Candidate, createTargets } from "./candidates.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const model = bytes(7);
const candidate = (sender: number, data: number[]): Candidate => ({
  sender: bytes(sender),
  to: bytes(1),
  data: bytes(...data),
  value: 0n,
  gas: 1n,
});

/** Each byte of the data after the selector is an inference, one after another. */
function machine(units = 1) {
  const held = new Set<number>();
  const batches: number[][] = [];
  const ahead = createAhead({
    async run({ data }): Promise<Missing | undefined> {
      const next = data.subarray(4).find((x) => !held.has(x));
      return next === undefined ? undefined : { model, input: bytes(next), units };
    },
    async infer(_model, inputs) {
      batches.push(inputs.map((x) => x[0] as number));
      for (const [x] of inputs) held.add(x as number);
    },
  });
  return { ahead, batches, held };
}
const selector = [0, 0, 0, 0];

it("groups what many lack, each input once, and goes on with each transaction as its results come", async () => {
  const { ahead, batches } = machine();
  void ahead.offer([candidate(1, [...selector, 1, 2]), candidate(2, [...selector, 1, 3]), candidate(3, selector)]);
  await ahead.idle();
  expect(batches).toEqual([[1], [2, 3]]);
  expect(ahead.counts).toMatchObject({ offered: 3, inferred: 3, passedOver: 0 });
});

it("a sender has a budget between two blocks, and a result that does not come ends the transaction's turn", async () => {
  const { ahead, batches } = machine(600_000_000);
  void ahead.offer([candidate(1, [...selector, 1, 2]), candidate(2, [...selector, 3])]);
  await ahead.idle();
  expect(batches).toEqual([[1, 3]]);
  void ahead.offer([candidate(1, [...selector, 4])]);
  await ahead.idle();
  expect(ahead.counts.passedOver).toBe(2);
  ahead.renew();
  void ahead.offer([candidate(1, [...selector, 4])]);
  await ahead.idle();
  expect(batches).toEqual([[1, 3], [4]]);
  let tries = 0;
  const failing = createAhead({
    run: async () => ({ model, input: bytes(1), units: 1 }),
    async infer() {
      tries++;
      throw new Error("gone");
    },
  });
  void failing.offer([candidate(1, [...selector, 1])]);
  await failing.idle();
  expect(tries).toBe(1);
});

it("says which came to an inference, so that functions that never do are tried now and then only", async () => {
  const { ahead } = machine();
  expect(await ahead.offer([candidate(1, [...selector, 1]), candidate(2, selector), candidate(3, [...selector, 2])])).toEqual([0, 2]);
  const targets = createTargets();
  const plain = candidate(1, [9, 9, 9, 9]);
  const worth = (x: Candidate, n: number) => Array.from({ length: n }, () => targets.worth(x)).filter(Boolean).length;
  expect(worth(plain, 64 + 640)).toBe(64 + 10);
  expect(worth(candidate(1, [8, 8, 8, 8]), 10), "another function of the same contract").toBe(10);
  targets.inferred(plain);
  expect(worth(plain, 1000)).toBe(1000);
});

it("at most 1,024 wait, and an endless chain of inferences ends after eight", async () => {
  const { ahead } = machine();
  void ahead.offer(Array.from({ length: 3000 }, (_, i) => candidate(i % 200, [i >> 8, i & 255, 0, 0, 1])));
  await ahead.idle();
  expect(ahead.counts.passedOver).toBe(3000 - 1024);
  const chain = machine();
  void chain.ahead.offer([candidate(1, [...selector, ...Array.from({ length: 20 }, (_, i) => i)])]);
  await chain.ahead.idle();
  expect(chain.batches.length).toBe(8);
});
