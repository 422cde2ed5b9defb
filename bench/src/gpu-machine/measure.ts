/** `bench gpu-machine`: what a machine with a GPU gives, within 8 minutes: equality, speed of batches, transfers; and its record. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { createWasmBackend } from "@noema/precompiles/backend/wasm-backend";
import { openGpu } from "@noema/precompiles/backend/webgpu/device";
import { createGpuEngine } from "@noema/precompiles/backend/webgpu/engine";
import { OPERATOR_NAMES } from "@noema/precompiles/testing/random-models";
import { describeMachine, type Machine } from "../machine.ts";
import { measureSpeed } from "./batch-speed.ts";
import { driverVersion } from "./driver.ts";
import { type Comparison, compareModel, compareRandom, createComparison, type Stacks } from "./equality.ts";
import { measureInference } from "./inference.ts";
import { committedModels, INPUTS_OF_A_MODEL, mobilenet } from "./models.ts";
import type { GpuMachineRecord } from "./record.ts";
import { equalityLine, inferenceLine, speedLine, transferLine } from "./report.ts";
import { measureTransfers } from "./transfers.ts";

export type MeasureOptions = {
  machine: Machine;
  /** In whose node_modules `webgpu` is. */
  webgpu: string;
  out: string;
  seed: number;
  /** Of PARTS. */
  only: readonly string[];
};

const DIGIT_INPUTS = 2004;
const MODEL_INPUTS = 2000;
const SEEDS_OF_AN_OPERATOR = 300;
const GRAPHS = 1000;
/** It ends then, so that the whole stays below 8 minutes, and says what it left out; a fast GPU is ready before. */
const EQUALITY_MS = 150_000;
/** Of that time, when operators end, and when graphs. */
const OPERATORS_SHARE = 0.4;
const GRAPHS_SHARE = 0.5;
const SLOWEST_BATCH_MS = 4000;

/** Resolves with whether all that was to be measured was, and nothing differed. */
export async function measureGpuMachine(o: MeasureOptions): Promise<boolean> {
  const progress = createProgress();
  const started = performance.now();
  const record: GpuMachineRecord = {
    ...{
      format: "noema-gpu-machine/1",
      command: "gpu-machine",
      machine: o.machine,
      at: new Date().toISOString(),
      seed: o.seed,
      seconds: 0,
    },
    gpu: { missing: "not looked for" },
    ...{ equality: [], differences: [], speed: [], transfers: [], inference: [], failed: [] },
  };
  const write = () => {
    record.seconds = Math.round((performance.now() - started) / 1000);
    mkdirSync(o.out, { recursive: true });
    const path = join(o.out, `gpu-machine-${o.machine.commit.replaceAll(" ", "-")}.json`);
    writeFileSync(path, `${JSON.stringify(record, null, 1)}\n`);
    return path;
  };
  /** What breaks off leaves the other parts their turn, and what was found stays. */
  const part = async (name: string, work: () => Promise<void>) => {
    if (!o.only.includes(name)) return;
    try {
      await work();
    } catch (error) {
      record.failed.push(`${name}: ${(error as Error).message}`);
      progress.say(`${name} FAILED: ${(error as Error).message}`);
    }
    write();
  };
  progress.say(`${describeMachine(o.machine)}; seed ${o.seed}`);
  if (o.only.some((x) => x !== "transfers")) {
    try {
      const stacks = await openStacks(o.webgpu, record);
      progress.say(`GPU: ${JSON.stringify(record.gpu)}`);
      await part("equality", () => compareAll(stacks, o.seed, record, progress));
      await part("speed", () => measureAll(stacks, o.seed, record, progress));
    } catch (error) {
      record.gpu = { missing: (error as Error).message };
      record.failed.push(`GPU: ${(error as Error).message}`);
      progress.say(`no GPU: ${(error as Error).message}`);
    }
  }
  await part("transfers", async () => {
    for (const validators of [1, 4]) {
      const row = await measureTransfers(validators, o.seed, progress);
      record.transfers.push(row);
      progress.say(transferLine(row));
    }
  });
  await part("inference", async () => {
    for (const backend of "missing" in record.gpu ? ["wasm"] : ["wasm", "webgpu"]) {
      const row = await measureInference(backend, o.seed, progress);
      record.inference.push(row);
      progress.say(inferenceLine(row));
    }
  });
  progress.say(`${record.seconds} s; written: ${write()}`);
  return record.failed.length === 0 && record.differences.length === 0;
}

async function openStacks(webgpu: string, record: GpuMachineRecord): Promise<Stacks> {
  const open = await openGpu(webgpu);
  const begun = performance.now();
  const engine = await createGpuEngine(open);
  record.gpu = { name: open.name, driver: driverVersion(), kernelsCompiledMs: Math.round(performance.now() - begun) };
  return { wasm: createWasmBackend(), engine };
}

async function compareAll(stacks: Stacks, seed: number, record: GpuMachineRecord, progress: Progress): Promise<void> {
  const started = performance.now();
  const by = (share: number) => started + share * EQUALITY_MS;
  const compared = async (label: string, due: number, work: (comparison: Comparison) => Promise<void>) => {
    const comparison = createComparison(label, due, stacks, record.differences);
    const done = () => comparison.row().inputs;
    await progress.during((s) => `equality of ${label}: ${done()} inputs ... ${s} s`, work(comparison));
    record.equality.push(comparison.row());
    progress.say(equalityLine(comparison.row()));
  };
  const seeds = (n: number) => Array.from({ length: n }, (_, i) => seed + i);
  const random = (kind: string, models: number, deadline: number) =>
    compared(kind, models * INPUTS_OF_A_MODEL, (c) => compareRandom(kind, seeds(models), deadline, c));
  for (const [i, name] of OPERATOR_NAMES.entries())
    await random(name, SEEDS_OF_AN_OPERATOR, by((OPERATORS_SHARE * (i + 1)) / OPERATOR_NAMES.length));
  await random("random graphs", GRAPHS, by(GRAPHS_SHARE));
  const models = [...committedModels(seed), mobilenet(seed)];
  for (const [i, x] of models.entries()) {
    const count = x.name === "digits" ? DIGIT_INPUTS : MODEL_INPUTS;
    const deadline = by(GRAPHS_SHARE + ((1 - GRAPHS_SHARE) * (i + 1)) / models.length);
    await compared(x.name, count, (c) => compareModel(x, count, deadline, c));
  }
}

async function measureAll(stacks: Stacks, seed: number, record: GpuMachineRecord, progress: Progress): Promise<void> {
  for (const model of [...committedModels(seed), mobilenet(seed)]) {
    const measuring = measureSpeed(model, stacks, SLOWEST_BATCH_MS);
    const row = await progress.during((s) => `speed of ${model.name} ... ${s} s`, measuring);
    record.speed.push(row);
    for (const line of speedLine(row)) progress.say(line);
  }
}
