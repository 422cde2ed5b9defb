/**
 * The language detector of @vscode/vscode-languagedetection (guesslang's net, MIT), 54 languages, as a model on chain:
 * `noema tool model language [--out folder]`. What it says is compared with what the package itself says.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bestOf, numbersOf } from "../../../converter/src/compare.ts";
import { figures } from "../../../converter/src/convert.ts";
import { countPairs, languageInput } from "../../../examples/language/features.ts";
import { createBackend } from "../../../precompiles/src/backend/create-backend.ts";
import { type LoadedModel, loadModel } from "../../../precompiles/src/model/load.ts";
import { unpacked } from "../packages.ts";
import { deepPart, floatScores, integerModel } from "./network.ts";
import { readSource } from "./source.ts";
import { TEXT_PACKAGES, textsOf } from "./texts.ts";

const CALIBRATION_PER_ENDING = 4;
const SEEDS = { calibration: 1, test: 2 };
/** The package takes some tenths of a second for each. */
const ASKED_OF_PACKAGE = 60;

interface Detector {
  runModel(text: string): Promise<{ languageId: string; confidence: number }[]>;
}

export async function makeLanguage(out: string, perEnding: number): Promise<void> {
  const folder = unpacked("@vscode/vscode-languagedetection@1.0.23");
  const source = readSource(join(folder, "model"));
  const folders = TEXT_PACKAGES.map(unpacked);
  const deep = deepPart(source);
  const shares = textsOf(folders, CALIBRATION_PER_ENDING, SEEDS.calibration).map((text) => {
    const { counts, pairs } = countPairs(text);
    return Float32Array.from(counts, (x) => x / pairs);
  });
  const file = integerModel(source, deep, shares);
  const model = loadModel(file);
  const scores = floatScores(source, unheld(deep));
  const texts = textsOf(folders, perEnding, SEEDS.test);
  const comparison = compare(model, scores, texts);
  const report = {
    model: "language.nmodel",
    source: "@vscode/vscode-languagedetection 1.0.23 (npm, MIT), guesslang's net",
    made: "npm run noema -- tool model language",
    ...figures(file, model),
    seeds: SEEDS,
    comparison,
    package: await besidePackage(folder, source.labels, scores, texts),
    interface: {
      description: "Languages of code (guesslang): counts of pairs of bytes in, a score for each of 54 languages out",
      input: {
        encoding:
          "[2, 5000]: counts of pairs of neighbouring bytes in 5,000 buckets of a hash, at most 127; then their shares of all pairs in 1016ths, at most 127. languageInput of examples/language makes it of a text",
      },
      output: {
        encoding: "int32, big endian: scores before the softmax",
        scale: source.wide.weights.scale,
        labels: source.labels,
        temperature: 1 / source.wide.weights.scale,
      },
    },
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "language.nmodel"), file);
  writeFileSync(join(out, "language.json"), `${JSON.stringify(report, null, 2)}\n`);
  console.log(JSON.stringify({ ...report, interface: undefined }, null, 2));
}

/** In floats throughout: without what the integers are held to. */
const unheld = (graph: ReturnType<typeof deepPart>) => {
  for (const value of [graph.input, graph.output]) delete value.quantisation;
  return graph;
};

function compare(model: LoadedModel, scores: (text: string) => Float32Array, texts: readonly string[]) {
  const runnable = createBackend("wasm").load(model);
  const same = texts.filter((text) => {
    const output = runnable.run(Uint8Array.from(languageInput(text), (x) => x & 255));
    return bestOf(numbersOf(model, output)) === bestOf(scores(text));
  });
  return { inputs: texts.length, sameBest: same.length };
}

/** The float net here is the package's: its own answers to some of the texts, evenly chosen. */
async function besidePackage(folder: string, labels: string[], scores: (text: string) => Float32Array, texts: readonly string[]) {
  const { ModelOperations } = createRequire(import.meta.url)(join(folder, "dist/lib/index.js")) as {
    ModelOperations: new (options: { minContentSize: number }) => Detector;
  };
  const detector = new ModelOperations({ minContentSize: 0 });
  const asked = Array.from({ length: ASKED_OF_PACKAGE }, (_, i) => texts[Math.floor((i * texts.length) / ASKED_OF_PACKAGE)]!);
  let [sameBest, largestDifference] = [0, 0];
  for (const text of asked) {
    const own = scores(text);
    const best = bestOf(own);
    const chance = 1 / own.reduce((sum, x) => sum + Math.exp(x - own[best]!), 0);
    const [first] = await detector.runModel(text);
    if (first!.languageId === labels[best]) sameBest++;
    largestDifference = Math.max(largestDifference, Math.abs(first!.confidence - chance));
  }
  return { inputs: asked.length, sameBest, largestDifference };
}
