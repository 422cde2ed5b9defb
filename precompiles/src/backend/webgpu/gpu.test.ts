/** WGSL on whatever GPU there is; without one these are skipped, and say why. */
import { toHex } from "@noema/core/bytes";
import { afterEach, describe, expect, it } from "vitest";
import { loadModel } from "../../model/load.ts";
import { runModel } from "../../model/run-model.ts";
import { digitModelFile, heldOutDigits } from "../../testing/digit-model.ts";
import { createDraw } from "../../testing/draw.ts";
import { CORRUPT_PROCESS, gpuMissing, openTestGpu } from "../../testing/gpu.ts";
import { OPERATOR_NAMES, randomGraph, randomOperator } from "../../testing/random-models.ts";
import type { OpenBackend } from "../batch-backend.ts";
import { guardBackend } from "../guarded-backend.ts";
import { createWasmBackend } from "../wasm-backend.ts";

const missing = await gpuMissing();
if (missing !== undefined && process.env.NOEMA_GPU_REQUIRED === "1") throw new Error(missing);
if (missing !== undefined) console.log(`tests on a GPU are skipped: ${missing}`);

const opened: OpenBackend[] = [];
afterEach(() => {
  for (const x of opened.splice(0)) x.close();
});
async function open(entry?: URL) {
  const backend = await openTestGpu(entry);
  opened.push(backend);
  return backend;
}
const guarded = (backend: OpenBackend, faults: string[] = [], answers?: []) =>
  guardBackend(
    backend,
    { judge: createWasmBackend(), onFault: ({ reason }) => faults.push(reason), random: () => 0.99, lateMs: 120_000, startMs: 120_000 },
    answers,
  );

describe.skipIf(missing !== undefined)(`WGSL${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it("gives the judge's bytes on 25 random models of each operator and 100 graphs (seeds 1 on), extremes included", async () => {
    const gpu = await open();
    const same = async (name: string, { file, input }: { file: Uint8Array; input: Uint8Array }) => {
      const model = loadModel(file);
      const inputs = [input, ...[0x80, 0x7f].map((value) => new Uint8Array(input.length).fill(value))];
      const outputs = await gpu.submit(model, inputs);
      expect(outputs.map(toHex), name).toEqual(inputs.map((x) => toHex(runModel(model, x))));
    };
    for (const name of OPERATOR_NAMES)
      for (let seed = 1; seed <= 25; seed++) await same(`${name}, seed ${seed}`, randomOperator(name, createDraw(seed)));
    for (let seed = 1; seed <= 100; seed++) await same(`graph, seed ${seed}`, randomGraph(createDraw(seed)));
  });

  it("serves behind its guard: digits in batches of 1 to 64, the bytes of WASM", async () => {
    const model = loadModel(digitModelFile());
    const runnable = createWasmBackend().load(model);
    const backend = await guarded(await open());
    const digits = heldOutDigits().map((x) => x.input);
    for (let from = 0, size = 1; size <= 64; from += size, size *= 4) {
      const some = digits.slice(from, from + size);
      expect((await backend.submit(model, some)).map(toHex)).toEqual(some.map((x) => toHex(runnable.run(x))));
    }
    expect(backend.fault()).toBeUndefined();
  });

  it("with a wrong shader it does not serve: it does not know the answers", async () => {
    const faults: string[] = [];
    await expect(guarded(await open(CORRUPT_PROCESS), faults)).rejects.toMatchObject({ code: "BACKEND_LOST" });
    expect(faults).toEqual([expect.stringContaining("a known answer was not given")]);
  });

  it("and where it is asked nothing at the start, a wrong result of a batch ends it before the batch leaves", async () => {
    const faults: string[] = [];
    const backend = await guarded(await open(CORRUPT_PROCESS), faults, []);
    const digits = heldOutDigits().map((x) => x.input);
    await expect(backend.submit(loadModel(digitModelFile()), digits.slice(0, 32))).rejects.toMatchObject({ code: "BACKEND_LOST" });
    expect(faults).toEqual([expect.stringContaining("differs from WASM")]);
    await expect(backend.submit(loadModel(digitModelFile()), digits.slice(0, 1))).rejects.toMatchObject({ code: "BACKEND_LOST" });
  });

  it("a process that is killed is an error of what waits and of what comes", async () => {
    const gpu = await open();
    const backend = await guarded(gpu);
    process.kill(gpu.pid, "SIGKILL");
    const submitted = backend.submit(loadModel(digitModelFile()), [heldOutDigits()[0]!.input]);
    await expect(submitted).rejects.toMatchObject({ code: "BACKEND_LOST" });
    expect(backend.fault()?.reason).toContain("ended");
  });
});
