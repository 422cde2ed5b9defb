/**
 * One call of an image model here and in onnxruntime, whose int8 kernels are native, on one thread each, in turns within one run, by time of the processor:
 * npm run noema -- tool script tools/runtimes/image-speed.ts [FILE.nmodel]. Without a file a model of MobileNetV2's shape.
 * Ratios hold elsewhere, milliseconds do not.
 */
import { readFileSync } from "node:fs";
import { createBackend } from "../../precompiles/src/backend/create-backend.ts";
import { loadModel } from "../../precompiles/src/model/load.ts";
import { mobilenet } from "../../precompiles/src/testing/model-shapes.ts";
import { asOnnx } from "./as-onnx.ts";
import { onnxruntime } from "./runtimes.ts";

const ROUNDS = 40;

const file = process.argv[2];
const model = loadModel(file === undefined ? mobilenet() : new Uint8Array(readFileSync(file)));
const [height, width, channels] = model.model.tensors[model.model.input]!.shape as [number, number, number];
const runnable = createBackend("wasm").load(model);
const ort = await onnxruntime();
const options = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: "all", logSeverityLevel: 3 };
const session = await ort.InferenceSession.create(asOnnx(model), options);

/** Of the processor, since other processes are at work on most machines. */
function milliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Neighbours alike, another for each round. */
const input = Uint8Array.from({ length: model.inputBytes }, (_, i) => (128 + 90 * Math.sin(i / 211) + ((i * 73) % 31)) & 255);
const planes = new Uint8Array(input.length);

let [ours, theirs, equal, near, elements] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0, 0];
for (let round = 0; round < ROUNDS; round++) {
  for (let i = 0; i < 64; i++) input[(i * 997 + round * 131) % input.length]! ^= 37;
  for (let i = 0; i < input.length; i++) planes[(i % channels) * height * width + Math.floor(i / channels)] = input[i]! ^ 128;
  let started = process.cpuUsage();
  const own = runnable.run(input);
  ours = Math.min(ours, milliseconds(started));
  const feeds = { t0: new ort.Tensor("uint8", planes, [1, channels, height, width]) };
  started = process.cpuUsage();
  const [other] = Object.values(await session.run(feeds));
  theirs = Math.min(theirs, milliseconds(started));
  for (const [i, byte] of own.entries()) {
    const apart = Math.abs((byte ^ 128) - other!.data[i]!);
    elements++;
    if (apart === 0) equal++;
    if (apart <= 3) near++;
  }
}
await session.release();
const share = (n: number) => `${((100 * n) / elements).toFixed(1)} %`;
console.log(`${(model.macs / 1e6).toFixed(0)} million multiply-accumulates, the fastest of ${ROUNDS} calls`);
console.log(`Noema (WASM SIMD)      ${ours.toFixed(1)} ms, ${(model.macs / ours / 1e6).toFixed(1)} GMAC/s`);
console.log(`onnxruntime ${ort.env.versions.node} int8 ${theirs.toFixed(1)} ms, ${(model.macs / theirs / 1e6).toFixed(1)} GMAC/s`);
console.log(`${(ours / theirs).toFixed(2)} times onnxruntime's; of its outputs ${share(equal)} are ours, ${share(near)} within 3 steps`);
