/** What every stack is asked, batch by batch: a name, a seed and a count give the same questions in any process, on any machine. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Bytes } from "@noema/core/ports/bytes";
import { type LoadedModel, loadModel } from "@noema/precompiles/model/load";
import { createDraw } from "@noema/precompiles/testing/draw";
import { OPERATOR_NAMES, type RandomModel, randomGraph, randomOperator } from "@noema/precompiles/testing/random-models";
import { BATCHES, type BenchModel, committedModels, inputsOf, MOBILENET, mobilenet, seededInputs } from "../gpu-machine/models.ts";

/** Inputs of one model that are asked together. `name` says how the model is made again. */
export type Question = { name: string; model: LoadedModel; inputs: readonly Bytes[] };

export const RANDOM_OPERATORS = "random operators";
export const RANDOM_GRAPHS = "random graphs";

/** Of this repository; to them come files. */
export function ownModels(seed: number): string[] {
  return [...committedModels(seed).map(({ name }) => name), MOBILENET, RANDOM_OPERATORS, RANDOM_GRAPHS];
}

/** `wanted`: one of `ownModels`, or the path of a .nmodel file. Throws MODEL_*. */
export function questionsOf(wanted: string, seed: number, count: number): Iterable<Question> {
  if (wanted === RANDOM_GRAPHS)
    return randomQuestions(seed, count, (i) => [`graph of seed ${seed + i}`, randomGraph(createDraw(seed + i))]);
  if (wanted === RANDOM_OPERATORS)
    return randomQuestions(seed, count, (i) => {
      const name = OPERATOR_NAMES[i % OPERATOR_NAMES.length]!;
      return [`${name} of seed ${seed + i}`, randomOperator(name, createDraw(seed + i))];
    });
  return modelQuestions(findModel(wanted, seed), count);
}

function findModel(wanted: string, seed: number): BenchModel {
  if (wanted === MOBILENET) return mobilenet(seed);
  const own = committedModels(seed).find(({ name }) => name === wanted);
  if (own !== undefined) return own;
  const model = loadModel(readFileSync(wanted));
  return { name: basename(wanted, ".nmodel"), model, input: seededInputs(model, seed) };
}

function* modelQuestions({ name, model, input }: BenchModel, count: number): Generator<Question> {
  for (let from = 0, k = 0; from < count; k++) {
    const size = Math.min(count - from, BATCHES[k % BATCHES.length] as number);
    yield { name, model, inputs: Array.from({ length: size }, (_, i) => input(from + i)) };
    from += size;
  }
}

function* randomQuestions(seed: number, count: number, make: (i: number) => [string, RandomModel]): Generator<Question> {
  for (let i = 0, asked = 0; asked < count; i++) {
    const [name, { file, input }] = make(i);
    const inputs = inputsOf(input, seed + i);
    yield { name, model: loadModel(file), inputs };
    asked += inputs.length;
  }
}
