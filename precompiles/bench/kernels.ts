/**
 * How fast the kernels are, and nanoseconds a gas in the worst cases: node precompiles/bench/kernels.ts
 * Best of several runs on this machine; ratios hold elsewhere, absolute figures do not.
 */
import { createWasmBackend } from "../src/backend/wasm-backend.ts";
import { type LoadedModel, loadModel } from "../src/model/load.ts";
import { runModel } from "../src/model/run-model.ts";
import { inferGas } from "../src/set/gas.ts";
import { digitModelFile, heldOutDigits } from "../src/testing/digit-model.ts";
import { chain, convolution, dense, depthwise, pool, products, reshapes, tables } from "../src/testing/model-shapes.ts";

const backend = createWasmBackend();

/** Milliseconds of one call: the best of `rounds` means over at least 20 ms. */
function milliseconds(call: () => void, rounds = 7): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    let calls = 0;
    do {
      call();
      calls++;
    } while (performance.now() - start < 20);
    best = Math.min(best, (performance.now() - start) / calls);
  }
  return best;
}

const elementwise = { shape: [2 ** 16] };

const CASES: [string, Uint8Array][] = [
  ["digits", digitModelFile()],
  ["conv 3x3 56x56x64 to 64", convolution(56, 64, 3, 64)],
  ["conv 1x1 56x56x64 to 128", convolution(56, 64, 1, 128)],
  ["conv 3x3 64x64x1 to 1", convolution(64, 1, 3, 1)],
  ["conv 1x1 64x64x1 to 1", convolution(64, 1, 1, 1)],
  ["conv 5x5 64x64x1 to 8", convolution(64, 1, 5, 8)],
  ["dense 512 x 512 x 512", dense(512, 512, 512)],
  ["dense 1 x 4096 x 2048", dense(1, 4096, 2048)],
  ["depthwise 3x3 56x56x144", depthwise(56, 144)],
  ["depthwise 3x3 64x64x1", depthwise(64, 1)],
  ["maxpool 2x2 56x56x64", pool("MAXPOOL", 56, 64, 2)],
  ["maxpool 1x1 64x64x1", pool("MAXPOOL", 64, 1, 1)],
  ["avgpool 2x2 56x56x64", pool("AVGPOOL", 56, 64, 2)],
  ["avgpool 1x1 64x64x1", pool("AVGPOOL", 64, 1, 1)],
  ["16 x lut8 of 65536", tables(16, 65_536)],
  ["16 x add of 65536", chain(16, elementwise.shape, (b, x) => b.add("ADD", [x, x], elementwise, [9, 9, 4, -128, 127]))],
  ["16 x reshape of 65536", chain(16, elementwise.shape, (b, x) => b.add("RESHAPE", [x], elementwise))],
  ["4096 x reshape of 1", reshapes(4096)],
  ["2000 x dense 1 x 1 x 1", products(2000)],
];

function report(name: string, model: LoadedModel): void {
  const runnable = backend.load(model);
  const input = new Uint8Array(model.inputBytes).fill(5);
  runnable.run(input);
  const ms = milliseconds(() => runnable.run(input));
  const gas = inferGas(model);
  const figures = [
    `${ms.toFixed(4)} ms`,
    `${(model.macs / ms / 1e6).toFixed(2)} GMAC/s`,
    `${gas} gas`,
    `${((ms * 1e6) / gas).toFixed(2)} ns/gas`,
  ];
  console.log(`${name.padEnd(28)}${figures.map((figure) => figure.padStart(16)).join("")}`);
}

for (const [name, file] of CASES) report(name, loadModel(file));

const digits = loadModel(digitModelFile());
const picture = heldOutDigits()[0]!.input;
console.log(`reference: ${milliseconds(() => runModel(digits, picture), 3).toFixed(2)} ms a digit`);
