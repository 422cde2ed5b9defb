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

export function mobilenet(seed: number): BenchModel {
  const model = loadModel(mobilenetShape(seed));
  return { name: "MobileNetV2's shape", model, input: seededInputs(model, seed) };
}

function seededInputs({ inputBytes, inputType }: LoadedModel, seed: number): (i: number) => Bytes {
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

export function randomBytes(draw: Draw, length: number): Bytes {
  return Uint8Array.from({ length }, () => draw(0, 255));
}
