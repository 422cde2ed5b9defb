import { expect, it } from "vitest";
import { createGate } from "./gate.ts";

it("runs at most so many at once, in the order they came, whether they fail or not", async () => {
  const gate = createGate(2);
  const began: number[] = [];
  let [running, most] = [0, 0];
  const results = Array.from({ length: 7 }, (_, i) =>
    gate(async () => {
      began.push(i);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      if (i === 3) throw new Error("3");
      return i;
    }),
  );
  const settled = await Promise.allSettled(results);
  expect(settled.map((x) => (x.status === "fulfilled" ? x.value : "failed"))).toEqual([0, 1, 2, "failed", 4, 5, 6]);
  expect([began, most]).toEqual([[0, 1, 2, 3, 4, 5, 6], 2]);
  expect(await gate(async () => "goes on")).toBe("goes on");
});
