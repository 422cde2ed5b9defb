/** Writes precompiles/src/generated/known-answers.ts: for each operator its two smallest random models of the first seeds, and a graph. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadModel } from "../../precompiles/src/model/load.ts";
import { runModel } from "../../precompiles/src/model/run-model.ts";
import { createDraw } from "../../precompiles/src/testing/draw.ts";
import { OPERATOR_NAMES, type RandomModel, randomGraph, randomOperator } from "../../precompiles/src/testing/random-models.ts";

const FILE = fileURLToPath(new URL("../../precompiles/src/generated/known-answers.ts", import.meta.url));
const SEEDS = 60;
const EACH = 2;
/** What has fewer bytes, or fewer different ones, shows too little. */
const LEAST_INPUT = 24;
const LEAST_VALUES = 3;
const GRAPHS = 6;
const LINE = 124;

function parts({ file, input }: RandomModel): Uint8Array[] {
  return [file, input, runModel(loadModel(file), input)].flatMap((bytes) => [new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes]);
}

function smallest(make: (seed: number) => RandomModel, count: number): RandomModel[] {
  const all = Array.from({ length: SEEDS }, (_, seed) => make(seed));
  const telling = all.filter(
    ({ file, input }) => input.length >= LEAST_INPUT && new Set(runModel(loadModel(file), input)).size >= LEAST_VALUES,
  );
  return telling.sort((a, b) => a.file.length - b.file.length).slice(0, count);
}

export function knownAnswersSource(): string {
  const operators = OPERATOR_NAMES.flatMap((name) => smallest((seed) => randomOperator(name, createDraw(seed)), EACH));
  const graphs = smallest((seed) => randomGraph(createDraw(seed)), GRAPHS);
  const base64 = Buffer.concat([...operators, ...graphs].flatMap(parts)).toString("base64");
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  const text = lines.map((line) => `  "${line}",`).join("\n");
  return `/** Built by tools/inference/known-answers.ts. */\nexport const KNOWN_ANSWERS = [\n${text}\n].join("");\n`;
}

export function writeKnownAnswers(): void {
  writeFileSync(FILE, knownAnswersSource());
}
