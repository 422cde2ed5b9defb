import { expect, it } from "vitest";
import type { RunnableModel } from "../backend/inference-backend.ts";
import { loadModel } from "../model/load.ts";
import { smallModel } from "../testing/small-model.ts";
import { createResultCache } from "./result-cache.ts";

function counting(): { model: RunnableModel; runs: number[] } {
  const runs: number[] = [];
  const run = (input: Uint8Array) => {
    runs.push(input[0]!);
    return new Uint8Array(10).fill(input[0]!);
  };
  return { model: { loaded: loadModel(smallModel()), run }, runs };
}

it("runs an input once, and forgets the least recently used beyond its bounds", () => {
  const { model, runs } = counting();
  const cache = createResultCache({ entries: 2, bytes: 1000 });
  const resolve = (x: number) => cache.resolve(model, new Uint8Array([x]));
  for (const x of [1, 2, 1, 3, 1, 2]) expect(resolve(x)).toEqual(new Uint8Array(10).fill(x));
  expect(runs).toEqual([1, 2, 3, 2]);
  expect(cache.size).toBe(2);
});

it("is bounded by bytes too", () => {
  const { model } = counting();
  const cache = createResultCache({ entries: 100, bytes: 35 });
  for (let x = 0; x < 20; x++) cache.resolve(model, new Uint8Array([x]));
  expect(cache.size).toBe(3);
});
