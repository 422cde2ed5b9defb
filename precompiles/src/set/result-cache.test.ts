import { expect, it } from "vitest";
import { createResultCache } from "./result-cache.ts";

const MODEL = new Uint8Array(32).fill(7);
const outputOf = (x: number) => new Uint8Array(10).fill(x);

it("runs an input once, and forgets the least recently used beyond its bounds", () => {
  const runs: number[] = [];
  const cache = createResultCache({ entries: 2, bytes: 1000 });
  const resolve = (x: number) =>
    cache.resolve(MODEL, new Uint8Array([x]), () => {
      runs.push(x);
      return outputOf(x);
    });
  for (const x of [1, 2, 1, 3, 1, 2]) expect(resolve(x)).toEqual(outputOf(x));
  expect(runs).toEqual([1, 2, 3, 2]);
  expect(cache.size).toBe(2);
});

it("is bounded by bytes too", () => {
  const cache = createResultCache({ entries: 100, bytes: 35 });
  for (let x = 0; x < 20; x++) cache.resolve(MODEL, new Uint8Array([x]), () => outputOf(x));
  for (let x = 0; x < 20; x++) cache.fill(MODEL, new Uint8Array([x]), outputOf(x));
  expect(cache.size).toBe(3);
});
