/** What is put through all stacks: the models that come with Noema, and seeded ones. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "@noema/core/ports/bytes";
import { repositoryRoot } from "@noema/node/paths";
import { decodeLabelledDigits } from "@noema/precompiles/heldout-digits";
import { type LoadedModel, loadModel } from "@noema/precompiles/model/load";
import { createDraw, type Draw } from "@noema/precompiles/testing/draw";
import { mobilenetShape } from "@noema/precompiles/testing/mobilenet-shape";

export type BenchModel = { name: string; model: LoadedModel; input(i: number): Bytes };

const folder = () => join(repositoryRoot(), "precompiles", "models");

/** The digits' inputs are real ones, which the model has not seen; others get seeded bytes. */
export function committedModels(seed: number): BenchModel[] {
  const files = readdirSync(folder()).filter((x) => x.endsWith(".nmodel"));
  const digits = decodeLabelledDigits(readFileSync(join(folder(), "digits-heldout.bin"))).map((x) => x.input);
  return files.sort().map((file) => {
    const model = loadModel(readFileSync(join(folder(), file)));
    const name = file.replace(/\.nmodel$/, "");
    return { name, model, input: name === "digits" ? (i) => digits[i % digits.length] as Bytes : seededInputs(model, seed) };
  });
}

export const MOBILENET = "MobileNetV2's shape";

export function mobilenet(seed: number): BenchModel {
  const model = loadModel(mobilenetShape(seed));
  return { name: MOBILENET, model, input: seededInputs(model, seed) };
}

export function seededInputs({ inputBytes, inputType }: LoadedModel, seed: number): (i: number) => Bytes {
  return (i) => (inputType === "int32" ? randomIndices : randomBytes)(createDraw(seed + i), inputBytes);
}

/** Small integers, big endian: most are rows of a table. */
function randomIndices(draw: Draw, length: number): Bytes {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const most = 2 ** draw(4, 12);
  for (let at = 0; at < length; at += 4) view.setInt32(at, draw(0, most));
  return bytes;
}

function randomBytes(draw: Draw, length: number): Bytes {
  return Uint8Array.from({ length }, () => draw(0, 255));
}

/** Sizes of batches that differ, so that each tile of the kernels has rows left over. */
export const BATCHES = [1, 32, 7, 64, 3];

const EXTREMES = [0x80, 0x7f, 0];
/** A random one and another, and the extremes. */
export const INPUTS_OF_A_MODEL = 2 + EXTREMES.length;

/** Of a model that is made with `input`. */
export function inputsOf(input: Bytes, seed: number): Bytes[] {
  const extremes = EXTREMES.map((value) => new Uint8Array(input.length).fill(value));
  return [input, randomBytes(createDraw(seed + 1), input.length), ...extremes];
}
