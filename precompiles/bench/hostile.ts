/**
 * What the costliest legal files take: milliseconds of CPU until a model is loaded and laid out (a busy machine counts for less than by the
 * clock), megabytes that the process grows by, each in a process of its own. npm run noema -- tool script precompiles/bench/hostile.ts
 */
import { spawnSync } from "node:child_process";
import { createWasmBackend } from "../src/backend/wasm-backend.ts";
import { loadModel } from "../src/model/load.ts";
import * as files from "../src/testing/hostile-models.ts";

const CASES: Record<string, () => Uint8Array> = {
  "64 MiB of activations, 16 MiB of weights": files.largest,
  "48 MiB laid out of 6 MiB": () => files.manyProducts(96, 65_536, 1, false),
  "a weight of 65,536 x 1 used 400 times": () => files.manyProducts(400, 65_536, 1, true),
  "1,800 products by one 496 x 496": () => files.chainOfProducts(1800, 496),
  "47 depthwise kernels of 65,535 taps": () => files.tallDepthwise(47),
  "4,096 concatenations and slices": files.manyConcats,
};

function measure(name: string): void {
  const backend = createWasmBackend();
  const file = CASES[name]!();
  const before = process.memoryUsage.rss();
  const start = process.cpuUsage();
  const sofar = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  try {
    const model = loadModel(file);
    const ms = sofar();
    const runnable = backend.load(model);
    const all = sofar();
    const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
    console.log(
      `${name.padEnd(44)}${ms.toFixed(0).padStart(6)} ms, laid out ${all.toFixed(0)} ms, ${grown.toFixed(0)} MiB, ${file.length} bytes`,
    );
    void runnable;
  } catch (error) {
    console.log(`${name.padEnd(44)}${sofar().toFixed(0).padStart(6)} ms, ${(error as Error).message}`);
  }
}

const [, script, wanted] = process.argv;
if (wanted !== undefined) measure(wanted);
else for (const name of Object.keys(CASES)) spawnSync(process.execPath, [...process.execArgv, script!, name], { stdio: "inherit" });
