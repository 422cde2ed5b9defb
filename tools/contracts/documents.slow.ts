/** Every Solidity block of the documents compiles, with IInference.sol beside it as they say. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const library = readFileSync(join(root, "precompiles/contracts/IInference.sol"), "utf8");
const pages = globSync(["README.md", "docs/**/*.md", "examples/*/README.md"], { cwd: root });
const blocks = pages.flatMap((page) =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^ *```solidity\n(.*?)^ *```$/gms)].map((x) => ({ page, source: x[1] as string })),
);

function problems(source: string): string[] {
  const input = {
    language: "Solidity",
    sources: { "Block.sol": { content: source }, "IInference.sol": { content: library } },
    settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
  };
  const { errors = [] } = JSON.parse(solc.compile(JSON.stringify(input))) as { errors?: { severity: string; formattedMessage: string }[] };
  return errors.filter((x) => x.severity === "error").map((x) => x.formattedMessage);
}

it("the README has one", () => expect(blocks.map((x) => x.page)).toContain("README.md"));
it.each(blocks)("$page", ({ source }) => expect(problems(source)).toEqual([]));

it("two inferences, each answer used by the next line, take ten lines, and are those of the contract that a test calls", () => {
  const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "" && !/^(\/\/|pragma)/.test(line));
  const shown = blocks.find(({ source }) => source.includes("contract TwoReadings"));
  const contract = readFileSync(join(root, "precompiles/contracts/examples/TwoReadings.sol"), "utf8");
  expect(lines(shown!.source)).toEqual(lines(contract.replace("../IInference.sol", "./IInference.sol")));
  expect(lines(shown!.source).length).toBeLessThanOrEqual(10);
});
