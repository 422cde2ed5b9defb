/**
 * What precompiles/models/digits.json says of the model file.
 * `noema tool digits report` evaluates the committed file again and rewrites the figures that follow from it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { type Answered, fitTemperature } from "../../precompiles/src/chances.ts";
import { encodeGreyDigit, readDigitScores } from "../../precompiles/src/digits.ts";
import { type LoadedModel, loadModel } from "../../precompiles/src/model/load.ts";
import { runModel } from "../../precompiles/src/model/run-model.ts";
import { coldModelGas, inferGas } from "../../precompiles/src/set/gas.ts";
import { loadDigits, type Sample } from "./data.ts";

/** Scores through the TypeScript reference: what a validator computes. */
function answersOf(model: LoadedModel, samples: readonly Sample[]): Answered[] {
  return samples.map(({ grey, label }) => ({ label, scores: readDigitScores(runModel(model, encodeGreyDigit(grey))).scores }));
}

/** What the bytes mean (precompiles/src/model-card.ts). */
function modelInterface(answers: readonly Answered[]) {
  return {
    description: "Handwritten digits (MNIST): one picture in, a score for each digit out",
    input: {
      encoding:
        "28 rows of 28 pixels from the top left, one byte each: round(255 p) - 128 as int8, p from 0 (background) to 1 (ink). " +
        "As MNIST: the digit fills 20 x 20 and its centre of mass is the centre",
    },
    output: {
      encoding: "one int8 score for each label; the largest says the digit, the first of equals",
      labels: Array.from({ length: 10 }, (_, digit) => String(digit)),
      temperature: fitTemperature(answers),
    },
  };
}

export function describeModel(file: Uint8Array, heldOut: readonly Sample[]) {
  const model = loadModel(file);
  const answers = answersOf(model, heldOut);
  const right = answers.filter(({ label, scores }) => scores.indexOf(Math.max(...scores)) === label).length;
  return {
    modelId: to0x(model.id),
    sha256: to0x(sha256(file)),
    bytes: file.length,
    heldOut: heldOut.length,
    int8Right: right,
    int8Accuracy: Number((right / heldOut.length).toFixed(4)),
    macs: model.macs,
    units: model.units,
    gas: { warm: inferGas(model), cold: inferGas(model) + coldModelGas(model) },
    interface: modelInterface(answers),
  };
}

export function writeReport(): void {
  const models = new URL("../../precompiles/models/", import.meta.url);
  const report = new URL("digits.json", models);
  const figures = describeModel(new Uint8Array(readFileSync(new URL("digits.nmodel", models))), loadDigits().heldOut);
  writeFileSync(report, `${JSON.stringify({ ...JSON.parse(readFileSync(report, "utf8")), ...figures }, null, 2)}\n`);
  console.log(JSON.stringify(figures, null, 2));
}
