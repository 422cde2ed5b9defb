/** What runs in a process of its own: native code of drivers can end a process, and a validator's must not end with it. */
import { toHex } from "@noema/core/bytes";
import { loadModel } from "../../model/load.ts";
import { openGpu } from "./device.ts";
import { createGpuEngine, type GpuEngine, type GpuModel, type Kernels } from "./engine.ts";
import type { GpuCall, GpuSaid } from "./messages.ts";

/** Of models' weights on the device; the least recently used are freed first. */
const MOST_BYTES = 512 * 2 ** 20;

/** `kernels`: others only in tests. Answers calls one after another until the process that started this one ends. */
export async function serveGpu(folder: string, kernels?: Kernels): Promise<void> {
  const say = (said: GpuSaid) => void process.send?.(said);
  process.on("disconnect", () => process.exit(0)); // Dawn's threads keep a process alive
  let last = Promise.resolve();
  try {
    const open = await openGpu(folder);
    const answer = answering(await createGpuEngine(open, kernels));
    process.on("message", (call: GpuCall) => {
      last = last.then(() => answer(call)).then(say);
    });
    say({ ready: { name: open.name } });
  } catch (error) {
    process.send?.({ unavailable: (error as Error).message } satisfies GpuSaid, () => process.exit(1));
  }
}

function answering(engine: GpuEngine): (call: GpuCall) => Promise<GpuSaid> {
  /** The least recently used first; without a model where it does not fit. */
  const models = new Map<string, GpuModel | undefined>();
  const keep = (key: string, model: GpuModel | undefined) => {
    models.delete(key);
    models.set(key, model);
    let bytes = [...models.values()].reduce((sum, x) => sum + (x?.bytes ?? 0), 0);
    for (const [oldest, x] of models) {
      if (bytes <= MOST_BYTES || oldest === key) break;
      bytes -= x?.bytes ?? 0;
      x?.free();
      models.delete(oldest);
    }
  };
  return async ({ call, id, file, inputs }) => {
    const key = toHex(id);
    try {
      if (!models.has(key) && file === undefined) return { call, failed: "unknown" };
      keep(key, models.has(key) ? models.get(key) : engine.load(loadModel(file as Uint8Array)));
      const model = models.get(key);
      return model === undefined ? { call, failed: "unfit" } : { call, outputs: await model.run(inputs) };
    } catch (error) {
      return { call, failed: { message: (error as Error).message } };
    }
  };
}
