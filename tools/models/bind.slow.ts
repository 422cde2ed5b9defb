/** What `noema model bind` writes compiles, and what is wrong does not. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import solc from "solc";
import { afterAll, expect, it } from "vitest";
import { bind } from "../../converter/src/commands/bind.ts";

const root = resolve(import.meta.dirname, "../..");
const cache = join(root, ".cache");
mkdirSync(cache, { recursive: true });
const out = mkdtempSync(join(cache, "bind-"));
bind(join(root, "precompiles/models/digits.nmodel"), { out, force: false });
afterAll(() => rmSync(out, { recursive: true }));
const read = (name: string) => readFileSync(join(out, name), "utf8");

function problems(body: string): string[] {
  const source = `pragma solidity ^0.8.28; import {Digits} from "./Digits.sol"; struct Other { bytes raw; } contract C { ${body} }`;
  const input = {
    language: "Solidity",
    sources: {
      "C.sol": { content: source },
      "Digits.sol": { content: read("Digits.sol") },
      "IInference.sol": { content: read("IInference.sol") },
    },
    settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
  };
  const { errors = [] } = JSON.parse(solc.compile(JSON.stringify(input))) as { errors?: { severity: string; message: string }[] };
  return errors.filter((x) => x.severity === "error").map((x) => x.message);
}

it("a contract with the right input compiles", () => {
  const body =
    "function f(int8[784] memory x) public view returns (Digits.Label) { return Digits.label(Digits.infer(Digits.fromArray(x))); }";
  expect(problems(body)).toEqual([]);
});

it.each([
  ["an array of another length", "int8[783] memory x", "Digits.infer(Digits.fromArray(x))"],
  ["bare bytes", "bytes memory x", "Digits.infer(x)"],
  ["another model's input", "Other memory x", "Digits.infer(x)"],
  ["a label that is none", "Digits.Result memory x", "Digits.label(x) == Digits.Label.N10"],
])("%s does not", (_, parameter, body) => expect(problems(`function f(${parameter}) public view { ${body}; }`).length).toBeGreaterThan(0));

/** tsc's complaints about lines that use the module, and another model's beside it. */
function typeProblems(lines: string): string {
  const file = join(out, `use${count++}.ts`);
  const head = [
    'import { createPublicClient, http } from "viem";',
    'import { digits } from "./Digits.ts";',
    'import { fromReals, infer, inputOf, noema } from "./viem.mjs";',
    `const other = { ...digits, modelId: "0x${"11".repeat(32)}" } as const;`,
    "const client = createPublicClient({ transport: http() }).extend(noema);",
    "const pixels = new Int8Array(784);",
    "export const used = [fromReals, infer, inputOf, other, client, pixels];",
  ];
  writeFileSync(file, `${head.join("\n")}\n${lines}\n`);
  const flags =
    "--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --target es2024 --allowImportingTsExtensions --types node".split(
      " ",
    );
  return spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...flags, file], { cwd: root, encoding: "utf8" })
    .stdout;
}
let count = 0;

it("in TypeScript likewise: what is right compiles", () => {
  const right = [
    "const { label, values } = await client.infer(digits, inputOf(digits, pixels));",
    'export const is: boolean = label === "7" && values[0]! > 3;',
    "const scaled = { ...digits, input: { ...digits.input, scale: 0.5 } } as const;",
    "export const alone = await infer(client, scaled, fromReals(scaled, [0.5]));",
    "export const { macs, owner } = await client.modelInfo(digits);",
    `export const byId = await client.modelInfo("0x${"11".repeat(32)}");`,
  ];
  expect(typeProblems(right.join("\n"))).toBe("");
});

/** In the line after the head. */
const WRONG_ARGUMENT = /\(8,\d+\): error TS2345/;
it.each([
  ["bare bytes", "await client.infer(digits, new Uint8Array(784));", WRONG_ARGUMENT],
  ["bare elements", "await infer(client, digits, pixels);", WRONG_ARGUMENT],
  ["another model's input", "await client.infer(digits, inputOf(other, pixels));", WRONG_ARGUMENT],
  ["bytes where int8 is meant", "inputOf(digits, new Uint8Array(784));", WRONG_ARGUMENT],
  ["a label that is none", 'export const is = (await client.infer(digits, inputOf(digits, pixels))).label === "ten";', /\(8,.*no overlap/],
  ["reals of a model without a scale", "fromReals(digits, [1]);", WRONG_ARGUMENT],
])("in TypeScript %s does not", (_, lines, complaint) => expect(typeProblems(lines)).toMatch(complaint));
