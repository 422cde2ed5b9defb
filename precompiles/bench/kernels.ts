/**
 * How fast the kernels are (GMAC/s of the back end alone); then a call through the precompile, of an input that was not seen
 * before, hashing and cache included: its time, and nanoseconds a gas. npm run noema -- tool script precompiles/bench/kernels.ts [WORD...]: only cases whose name has all of these.
 * Best of several runs on this machine; ratios hold elsewhere, absolute figures do not.
 */
import { concatBytes, toHex } from "@noema/core/bytes";
import { createWasmBackend } from "../src/backend/wasm-backend.ts";
import { genesisSource } from "../src/genesis-models.ts";
import { type LoadedModel, loadModel } from "../src/model/load.ts";
import { runModel } from "../src/model/run-model.ts";
import { createPrecompileSet } from "../src/set/precompile-set.ts";
import { createResultCache } from "../src/set/result-cache.ts";
import { digitModelFile, heldOutDigits } from "../src/testing/digit-model.ts";
import { createDraw } from "../src/testing/draw.ts";
import { tallDepthwise } from "../src/testing/hostile-models.ts";
import * as shapes from "../src/testing/model-shapes.ts";

const backend = createWasmBackend();
const MAX_GAS = 2 ** 31;

/** Milliseconds of one call: the best mean of many rounds, so short that some have the core to themselves on a busy machine. */
function milliseconds(call: () => void, rounds = 60): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    let calls = 0;
    do {
      call();
      calls++;
    } while (performance.now() - start < 1.5);
    best = Math.min(best, (performance.now() - start) / calls);
  }
  return best;
}

const LARGE = 2 ** 16;

const CASES: [string, () => Uint8Array][] = [
  ["digits", digitModelFile],
  ["mobilenet v2 224", shapes.mobilenet],
  ["conv 3x3 56x56x64 to 64", () => shapes.convolution(56, 64, 3, 64)],
  ["conv 1x1 56x56x64 to 128", () => shapes.convolution(56, 64, 1, 128)],
  ["conv 3x3 112x112x3 to 32", () => shapes.convolution(112, 3, 3, 32)],
  ["conv 3x3 64x64x1 to 1", () => shapes.convolution(64, 1, 3, 1)],
  ["conv 1x1 64x64x1 to 1", () => shapes.convolution(64, 1, 1, 1)],
  ["conv 5x5 64x64x1 to 8", () => shapes.convolution(64, 1, 5, 8)],
  ["dense 512 x 512 x 512", () => shapes.dense(512, 512, 512)],
  ["dense 4 x 1024 x 1024", () => shapes.dense(4, 1024, 1024)],
  ["dense 5 x 1024 x 1024", () => shapes.dense(5, 1024, 1024)],
  ["dense 1 x 1024 x 1024", () => shapes.dense(1, 1024, 1024)],
  ["dense 1 x 4096 x 2048", () => shapes.dense(1, 4096, 2048)],
  ["dense 2 x 1024 x 1024", () => shapes.dense(2, 1024, 1024)],
  ["dense 3 x 1024 x 1024", () => shapes.dense(3, 1024, 1024)],
  ["dense 1 x 8 x 65536", () => shapes.dense(1, 8, LARGE)],
  ["dense 1 x 1 x 65536", () => shapes.dense(1, 1, LARGE)],
  ["dense 4096 x 8 x 8", () => shapes.dense(4096, 8, 8)],
  ["logits 1 x 192 x 1024", () => shapes.logits(192, 1024)],
  ["matmul 512 x 512 x 512 turned", () => shapes.matmul(1, 512, 512)],
  ["matmul 512 x 512 x 512", () => shapes.matmul(1, 512, 512, false)],
  ["matmul 6 x 128 x 32 turned", () => shapes.matmul(6, 128, 32)],
  ["matmul 4096 x 4 x 4", () => shapes.matmul(4096, 4, 4)],
  ["matmul 4096 x 1 x 1", () => shapes.matmul(4096, 1, 1)],
  ["matmul 1 x 64 x 1024 turned", () => shapes.oneRowMatmul(1024, 64)],
  ["depthwise 3x3 56x56x144", () => shapes.depthwise(56, 144)],
  ["depthwise 3x3 14x14x576", () => shapes.depthwise(14, 576)],
  ["depthwise 5x5 28x28x64", () => shapes.depthwise(28, 64, 5)],
  ["depthwise 3x3 64x64x1", () => shapes.depthwise(64, 1)],
  ["depthwise 1x1 64x64x64", () => shapes.depthwise(64, 64, 1)],
  ["maxpool 2x2 56x56x64", () => shapes.pool("MAXPOOL", 56, 64, 2)],
  ["maxpool 1x1 64x64x1", () => shapes.pool("MAXPOOL", 64, 1, 1)],
  ["avgpool 2x2 56x56x64", () => shapes.pool("AVGPOOL", 56, 64, 2)],
  ["avgpool 1x1 64x64x1", () => shapes.pool("AVGPOOL", 64, 1, 1)],
  ["avgpool 7x7 7x7x1280", () => shapes.pool("AVGPOOL", 7, 1280, 7)],
  ["16 x lut8 of 65536", () => shapes.repeated(16, "LUT8", [LARGE], [shapes.table])],
  ["16 x add of 65536", () => shapes.chain(16, [LARGE], (b, x) => b.add("ADD", [x, x], { shape: [LARGE] }, [9, 9, 4, -128, 127]))],
  ["16 x mul of 65536", () => shapes.chain(16, [LARGE], (b, x) => b.add("MUL", [x, x], { shape: [LARGE] }, [9000, 4, -128, 127]))],
  [
    "16 x mul of rows of 1",
    () => shapes.repeated(16, "MUL", [LARGE, 1], [{ shape: [1, 1], data: new Int8Array(1) }], [9000, 4, -128, 127]),
  ],
  ["16 x mul of rows of 9", () => shapes.repeated(16, "MUL", [4096, 9], [{ shape: [1, 9], data: new Int8Array(9) }], [9000, 4, -128, 127])],
  ["16 x softmax of 256 x 256", () => shapes.softmaxes(16, [256, 256])],
  ["16 x softmax of 256 x 256 causal", () => shapes.softmaxes(16, [256, 256], 1)],
  ["16 x softmax of 8192 x 8", () => shapes.softmaxes(16, [8192, 8])],
  ["16 x softmax of 4096 x 1", () => shapes.softmaxes(16, [4096, 1])],
  ["16 x layernorm of 256 x 256", () => shapes.layernorms(16, [256, 256])],
  ["16 x layernorm of 4096 x 1", () => shapes.layernorms(16, [4096, 1])],
  ["16 x rmsnorm of 256 x 256", () => shapes.rmsnorms(16, [256, 256])],
  ["16 x rmsnorm of 4096 x 1", () => shapes.rmsnorms(16, [4096, 1])],
  ["gather 1024 of 65536 x 192", () => shapes.gather(1024, LARGE, 192)],
  ["gather 65536 of 65536 x 1", () => shapes.gather(LARGE, LARGE, 1)],
  ["gather 16384 of 65536 x 255", () => shapes.gather(16_384, LARGE, 255)],
  ["8 x concat, slice of 256 x 256", () => shapes.concats(8, 256, 256, 4)],
  ["concat, slice of 65536 x 1", () => shapes.concats(1, LARGE, 1, 4)],
  ["8 x pad, slice of 256 x 256", () => shapes.pads(8, 256, 256)],
  ["8 x pad, slice of 32768 x 1", () => shapes.pads(8, 32_768, 1)],
  ["8 x transpose of 256 x 256", () => shapes.transposes(8, 256, 256)],
  ["transpose of 4096 x 2048", () => shapes.single("TRANSPOSE", [4096, 2048], [], [2048, 4096], [1, 0])],
  ["transpose of 2048 x 1024 x 2", () => shapes.single("TRANSPOSE", [2048, 1024, 2], [], [2, 1024, 2048], [2, 1, 0])],
  ["100 columns of 2048 x 8192", () => shapes.columns(100, 2048, 8192)],
  ["100 x conv of every 64th of 4096 x 4096", () => shapes.sparse(100, "CONV2D", 4096, 64)],
  ["100 x maxpool of every 64th of 4096 x 4096", () => shapes.sparse(100, "MAXPOOL", 4096, 64)],
  ["conv 255x1 64x64x1 to 1", () => shapes.tall(64, 255)],
  ["depthwise 255x257 of 1", () => tallDepthwise(40)],
  ["8 x transpose of 4096 x 3", () => shapes.transposes(8, 4096, 3)],
  ["topk 5 of 64 x 1024", () => shapes.topk(64, 1024, 5)],
  ["topk 1 of 4096 x 1", () => shapes.topk(4096, 1, 1)],
  ["topk 1000 of 64 x 1000", () => shapes.topk(64, 1000, 1000)],
  ["argmax 64 x 1024", () => shapes.chain(1, [64, 1024], (b, x) => b.add("ARGMAX", [x], { shape: [64, 1], dtype: "int32" }))],
  ["reshape of 2^20", () => shapes.repeated(1, "RESHAPE", [16, LARGE], [])],
  ["16 x reshape of 65536", () => shapes.repeated(16, "RESHAPE", [LARGE], [])],
  ["4096 x reshape of 1", () => shapes.repeated(4096, "RESHAPE", [1], [])],
  ["2000 x dense 1 x 1 x 1", () => shapes.products(2000)],
];

/** One call of INFER by a transaction that has used the model, each time another input. */
function inference(model: LoadedModel) {
  // Of small inputs there are few: what was computed must not be there when its turn comes again.
  const cache = createResultCache({ entries: 1, bytes: 2 ** 26 });
  const set = createPrecompileSet({ source: genesisSource([model]), backend, ready: [model], cache });
  set.beginBlock({ height: 1, state: { slot: () => 0n, code: () => new Uint8Array(0) } });
  const infer = set.precompiles[1];
  const draw = createDraw(1);
  const [int32, first] = model.inputType === "int32" ? [true, 2] : [false, 0];
  // Indices are below 65,536.
  const input = Uint8Array.from({ length: model.inputBytes }, (_, i) => (int32 && i % 4 < 2 ? 0 : draw(0, 255)));
  const call = concatBytes(model.id, input);
  let n = 0;
  return () => {
    for (let i = 0; i < Math.min(2, model.inputBytes); i++) call[32 + first + i] = (n >> (8 * i)) & 255;
    n++;
    return infer?.run(call, MAX_GAS, { units: 0, warm: new Set([toHex(model.id)]) });
  };
}

let worst = { name: "", ns: 0 };

function report(name: string, model: LoadedModel): void {
  const runnable = backend.load(model);
  const input = new Uint8Array(model.inputBytes).fill(5);
  const kernels = model.macs === 0 ? "" : `${(model.macs / milliseconds(() => void runnable.run(input)) / 1e6).toFixed(2)} GMAC/s`;
  const infer = inference(model);
  const outcome = infer();
  if (!outcome?.ok) throw new Error(`${name}: refused`);
  const ms = milliseconds(infer);
  const ns = (ms * 1e6) / outcome.gasUsed;
  if (ns > worst.ns) worst = { name, ns };
  const figures = [kernels, `${ms.toFixed(4)} ms`, `${outcome.gasUsed} gas`, `${ns.toFixed(2)} ns/gas`];
  console.log(`${name.padEnd(34)}${figures.map((figure) => figure.padStart(16)).join("")}`);
}

const wanted = process.argv.slice(2);
for (const [name, file] of CASES) if (wanted.every((word) => name.includes(word))) report(name, loadModel(file()));
console.log(`worst: ${worst.ns.toFixed(2)} ns/gas, ${worst.name}`);

if (wanted.length === 0) {
  const digits = loadModel(digitModelFile());
  const picture = heldOutDigits()[0]!.input;
  console.log(`reference: ${milliseconds(() => runModel(digits, picture), 5).toFixed(2)} ms a digit`);
}
