/** The net on chain beside the package's own, on this repository's files. */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { bestOf, numbersOf } from "../../../converter/src/compare.ts";
import { countPairs, languageInput } from "../../../examples/language/features.ts";
import { createBackend } from "../../../precompiles/src/backend/create-backend.ts";
import { loadModel } from "../../../precompiles/src/model/load.ts";
import { unpacked } from "../packages.ts";
import { deepPart, integerModel } from "./network.ts";
import { readSource } from "./source.ts";

const root = resolve(import.meta.dirname, "../../..");
const TEXTS = globSync(["**/*.sol", "**/package.json", "docs/**/*.md", "explorer/**/*.css", "bin/*.ts", "e2e/**/*.mjs"], {
  cwd: root,
  exclude: ["**/node_modules/**", "**/.cache/**"],
})
  .sort()
  .map((path) => readFileSync(join(root, path), "utf8").slice(0, 2000));

it("has the package's best for 98 of 100 texts", async () => {
  const folder = unpacked("@vscode/vscode-languagedetection@1.0.23");
  const source = readSource(join(folder, "model"));
  const shares = TEXTS.map((text) => {
    const { counts, pairs } = countPairs(text);
    return Float32Array.from(counts, (x) => x / pairs);
  });
  const model = loadModel(integerModel(source, deepPart(source), shares));
  const runnable = createBackend("wasm").load(model);
  const { ModelOperations } = createRequire(import.meta.url)(join(folder, "dist/lib/index.js"));
  const detector = new ModelOperations({ minContentSize: 0 });
  let same = 0;
  for (const text of TEXTS) {
    const best = bestOf(numbersOf(model, runnable.run(Uint8Array.from(languageInput(text), (x) => x & 255))));
    const [first] = await detector.runModel(text);
    if (first.languageId === source.labels[best]) same++;
  }
  expect(TEXTS.length).toBeGreaterThan(50);
  expect(same / TEXTS.length).toBeGreaterThanOrEqual(0.98);
});
