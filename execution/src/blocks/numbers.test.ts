/** Numbers of whole blocks and their runs, against a map, through reverts into the middle of runs; rows of before too. */
import { blockNumber } from "@noema/core/block-number";
import { u64be } from "@noema/core/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import fc from "fast-check";
import { expect, it } from "vitest";
import { NUMBERS } from "../tables.ts";
import { abandonOps, heightOfNumber, numberOp } from "./numbers.ts";

type Step = { quiet: number } | { back: number };
const step: fc.Arbitrary<Step> = fc.oneof(fc.record({ quiet: fc.integer({ min: 0, max: 5 }) }), fc.record({ back: fc.nat(12) }));

it.each(["as now", "one a quiet block, as stores of before"])("names the height of each number: rows %s", async (rows) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const kv = createMemoryStore();
      await kv.write([numberOp(blockNumber(0), 0, 0)], true);
      let model = [0];
      for (const [i, each] of steps.entries()) {
        const height = i + 1;
        const snapshot = kv.snapshot();
        if ("quiet" in each) {
          const first = model.length;
          const old = Array.from({ length: each.quiet }, (_, k) => numberOp(blockNumber(first + 1 + k), height, 0));
          await kv.write(
            rows === "as now" ? [numberOp(blockNumber(first), height, each.quiet)] : [numberOp(blockNumber(first), height, 0), ...old],
            true,
          );
          model = model.concat(Array(1 + each.quiet).fill(height));
        } else {
          const to = Math.max(0, model.length - 1 - each.back);
          await kv.write(abandonOps(snapshot, height, blockNumber(model.length - 1), blockNumber(to)), true);
          model = model.slice(0, to + 1);
        }
        snapshot.close();
        const now = kv.snapshot();
        expect(Array.from({ length: model.length + 3 }, (_, n) => heightOfNumber(now, blockNumber(n)))).toEqual([
          ...model,
          undefined,
          undefined,
          undefined,
        ]);
        now.close();
      }
    }),
  );
});

it("a run is one row, and a way back over it takes one away", async () => {
  const kv = createMemoryStore();
  await kv.write([numberOp(blockNumber(0), 0, 0), numberOp(blockNumber(1), 1, 65_535), numberOp(blockNumber(65_537), 2, 65_535)], true);
  const snapshot = kv.snapshot();
  expect([...snapshot.range(NUMBERS, u64be(0), u64be(200_000), 10)].length).toBe(3);
  expect(abandonOps(snapshot, 3, blockNumber(131_072), blockNumber(0)).length).toBe(4);
  expect(abandonOps(snapshot, 3, blockNumber(131_072), blockNumber(70)).length).toBe(3);
});
