/** Inputs a second: batches on the GPU, and one WASM thread, which takes one input after another. */
import type { Bytes } from "@noema/core/ports/bytes";
import { benchError } from "../load/errors.ts";
import type { Stacks } from "./equality.ts";
import type { BenchModel } from "./models.ts";
import type { SpeedRow } from "./record.ts";

const BATCHES = [1, 32, 256];
const ROUNDS = 5;
/** Of one round, at least. */
const ROUND_MS = 200;

/** A batch that would take longer than this on its own is left out, as on a GPU that is software. */
export async function measureSpeed({ name, model, input }: BenchModel, { wasm, engine }: Stacks, longestMs: number): Promise<SpeedRow> {
  const gpu = engine.load(model);
  if (gpu === undefined) throw benchError("BENCH_RUN_FAILED", `${name} does not fit the GPU`);
  const runnable = wasm.load(model);
  const inputs = Array.from({ length: Math.max(...BATCHES) }, (_, i) => input(i));
  const alone = await best(1, () => runnable.run(inputs[0] as Bytes));
  const row: SpeedRow = { model: name, macs: model.macs, wasm: alone, gpu: [] };
  let perInputMs = 0;
  for (const batch of BATCHES) {
    if (perInputMs * batch > longestMs) break;
    const some = inputs.slice(0, batch);
    await gpu.run(some); // memory taken, driver warm
    const perSecond = await best(batch, () => gpu.run(some));
    perInputMs = 1000 / perSecond;
    row.gpu.push({ batch, perSecond, timesWasm: perSecond / alone });
  }
  gpu.free();
  return row;
}

/** Inputs a second of the best round. */
async function best(inputs: number, call: () => unknown): Promise<number> {
  let most = 0;
  await call();
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let calls = 0;
    do {
      await call();
      calls++;
    } while (performance.now() - start < ROUND_MS);
    most = Math.max(most, (1000 * calls * inputs) / (performance.now() - start));
  }
  return most;
}
