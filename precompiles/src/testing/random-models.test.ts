import { toHex } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { loadModel } from "../model/load.ts";
import { createDraw } from "./draw.ts";
import { OPERATOR_NAMES, randomGraph, randomOperator } from "./random-models.ts";

const makers = [randomGraph, ...OPERATOR_NAMES.map((name) => (draw: ReturnType<typeof createDraw>) => randomOperator(name, draw))];
const seeds = Array.from({ length: 40 }, (_, i) => i);

it("a seed gives one model, whatever was made before it", () => {
  const made = (order: readonly number[]) =>
    new Map(order.flatMap((seed) => makers.map((make, i) => [`maker ${i}, seed ${seed}`, make(createDraw(seed))] as const)));
  const backward = made(seeds.toReversed());
  for (const [name, { file, input }] of made(seeds)) {
    expect(toHex(file), name).toBe(toHex(backward.get(name)!.file));
    expect(toHex(input), name).toBe(toHex(backward.get(name)!.input));
  }
});

/** Found among 300,000. */
it.each([
  [28_398, "joins parts that together are longer than a dimension"],
  [84_028, "likewise"],
  [139_629, "multiplies thousands of rows by themselves"],
])("graph %i is legal: it %s", (seed) => {
  expect(() => loadModel(randomGraph(createDraw(seed)).file)).not.toThrow();
});
