/**
 * What precompiles/models/digits.json says of the model file.
 * `noema tool digits report` evaluates the committed file again and rewrites the figures that follow from it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { encodeGreyDigit, readDigitScores } from "../../precompiles/src/digits.ts";
import { type LoadedModel, loadModel } from "../../precompiles/src/model/load.ts";
import { coldModelGas, inferGas } from "../../precompiles/src/precompiles/gas.ts";
import { runModel } from "../../precompiles/src/reference/run-model.ts";
import { loadDigits, type Sample } from "./data.ts";

/** Digits that the file gets right, through the TypeScript reference: what a validator computes. */
function countRight(model: LoadedModel, samples: readonly Sample[]): number {
  return samples.filter(({ grey, label }) => readDigitScores(runModel(model, encodeGreyDigit(grey))).digit === label).length;
}

export function describeModel(file: Uint8Array, heldOut: readonly Sample[]) {
  const model = loadModel(file);
  const right = countRight(model, heldOut);
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
  };
}

export function writeReport(): void {
  const models = new URL("../../precompiles/models/", import.meta.url);
  const report = new URL("digits.json", models);
  const figures = describeModel(new Uint8Array(readFileSync(new URL("digits.nmodel", models))), loadDigits().heldOut);
  writeFileSync(report, `${JSON.stringify({ ...JSON.parse(readFileSync(report, "utf8")), ...figures }, null, 2)}\n`);
  console.log(JSON.stringify(figures, null, 2));
}
