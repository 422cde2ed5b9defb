/** Files of random graphs with bytes changed: a typed error, or a model whose plan is bounded and which runs the same on both. */
import { toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { expect, it } from "vitest";
import { createWasmBackend } from "../backend/wasm-backend.ts";
import { planModel } from "../backend/wasm-plan.ts";
import { errors } from "../errors.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";
import { runModel } from "../model/run-model.ts";
import { createDraw, type Draw, once, oneOf } from "../testing/draw.ts";
import { randomGraph } from "../testing/random-models.ts";
import { headerBytesOf } from "./model-id.ts";

const FILES = 2000;
const MUTATIONS = 50;
/** Activations, weights laid out and as they are, descriptors: what the limits of the page add up to. */
const PLAN_BYTES = 160 * 2 ** 20;
/** The judge takes about 5 ns a unit. */
const MAX_RUN_UNITS = 4_000_000;

function mutated(file: Uint8Array, draw: Draw): Uint8Array {
  const copy = file.slice();
  const header = headerBytesOf(file);
  const view = new DataView(copy.buffer);
  for (let n = draw(1, 3); n > 0; n--) {
    const at = once(draw, 10) ? draw(0, file.length - 1) : draw(0, header - 1);
    if (once(draw, 3) && at <= file.length - 4)
      view.setUint32(at, oneOf(draw, [0, 1, 2, 255, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]), true);
    else copy[at] = once(draw, 2) ? draw(0, 255) : copy[at]! ^ (1 << draw(0, 7));
  }
  return once(draw, 20) ? copy.subarray(0, draw(0, copy.length)) : copy;
}

/** Undefined: a typed error. */
function loaded(file: Uint8Array): LoadedModel | undefined {
  try {
    return loadModel(file);
  } catch (error) {
    if (!isNoemaError(error) || !Object.hasOwn(errors, error.code)) throw error;
    return undefined;
  }
}

it(`${FILES} random graphs, each changed ${MUTATIONS} times (seeds 10,000 to ${10_000 + FILES - 1})`, () => {
  const backend = createWasmBackend();
  const seen = { refused: 0, loaded: 0, ran: 0 };
  for (let seed = 10_000; seed < 10_000 + FILES; seed++) {
    const draw = createDraw(seed);
    const { file } = randomGraph(draw);
    for (let n = 0; n < MUTATIONS; n++) {
      const model = loaded(mutated(file, draw));
      if (model === undefined) {
        seen.refused++;
        continue;
      }
      seen.loaded++;
      expect(planModel(model).totalBytes, `seed ${seed}`).toBeLessThan(PLAN_BYTES);
      if (model.units > MAX_RUN_UNITS) continue;
      seen.ran++;
      const input = Uint8Array.from({ length: model.inputBytes }, () => draw(0, 255));
      expect(toHex(backend.load(model).run(input)), `seed ${seed}`).toBe(toHex(runModel(model, input)));
    }
  }
  console.log(`${seen.refused} refused, ${seen.loaded} loaded, of which ${seen.ran} ran equal`);
  expect(Math.min(seen.refused, seen.ran)).toBeGreaterThan(FILES);
});
