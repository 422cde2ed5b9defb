import { expect, it } from "vitest";
import { loadModel } from "../../model/load.ts";
import { createDraw } from "../../testing/draw.ts";
import { randomGraph } from "../../testing/random-models.ts";
import { placeActivations } from "./activations.ts";

/** Indices of operators between which a tensor must not be overwritten. */
function lives(model: ReturnType<typeof loadModel>["model"]): { tensor: number; from: number; to: number }[] {
  const made = new Map([[model.input, -1], ...model.operators.flatMap(({ outputs }, i) => outputs.map((x) => [x, i] as const))]);
  return [...made].map(([tensor, from]) => {
    const read = model.operators.flatMap(({ inputs }, i) => (inputs.includes(tensor) ? [i] : []));
    return { tensor, from, to: tensor === model.output ? model.operators.length : Math.max(from, ...read) };
  });
}

it("no activation lies where another that is still read lies, on 500 random graphs (seeds 1 to 500), and places are used again", () => {
  let saved = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const { model } = loadModel(randomGraph(createDraw(seed)).file);
    const words = model.tensors.map((_, i) => 1 + ((i * 7 + seed) % 13));
    const { at, total } = placeActivations(model, words);
    const living = lives(model);
    for (const a of living) {
      expect(at[a.tensor]! + words[a.tensor]!, `seed ${seed}`).toBeLessThanOrEqual(total);
      for (const b of living) {
        if (a.tensor >= b.tensor || a.to < b.from || b.to < a.from) continue;
        const apart = at[a.tensor]! + words[a.tensor]! <= at[b.tensor]! || at[b.tensor]! + words[b.tensor]! <= at[a.tensor]!;
        expect(apart, `seed ${seed}, tensors ${a.tensor} and ${b.tensor}`).toBe(true);
      }
    }
    if (total < living.reduce((sum, { tensor }) => sum + words[tensor]!, 0)) saved++;
  }
  expect(saved).toBeGreaterThan(250);
});
