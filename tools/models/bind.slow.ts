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

/** tsc's complaints about lines that use the module. */
function typeProblems(lines: string): string {
  const file = join(out, `use${lines.length}.ts`);
  writeFileSync(
    file,
    `import { digitsInput, inferDigits } from "./Digits.ts";\nimport type { PublicClient } from "viem";\ndeclare const client: PublicClient;\n${lines}\n`,
  );
  const flags =
    "--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --target es2024 --allowImportingTsExtensions --types node".split(
      " ",
    );
  return spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...flags, file], { cwd: root, encoding: "utf8" })
    .stdout;
}

it("in TypeScript likewise", () => {
  expect(
    typeProblems(
      'const { label } = await inferDigits(client, digitsInput(new Int8Array(784)));\nexport const is: boolean = label === "7";',
    ),
  ).toBe("");
  expect(typeProblems("await inferDigits(client, new Uint8Array(784));")).toMatch(/DigitsInput/);
  expect(
    typeProblems(
      'const { label } = await inferDigits(client, digitsInput(new Int8Array(784)));\nexport const is: boolean = label === "ten";',
    ),
  ).toMatch(/no overlap/);
});
