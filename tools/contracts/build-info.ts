/** What Hardhat leaves of a compilation (artifacts/build-info), for tests of what reads it: input, and of the output what has to do with source lines. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = "e2e/contracts/Vault.sol";
export const BUILD_INFO = join(ROOT, "devnet/src/artifacts/testing/build-info.json");

const CODE = ["object", "sourceMap", "linkReferences"];
const OUTPUTS = [
  "abi",
  ...CODE.map((x) => `evm.bytecode.${x}`),
  ...[...CODE, "immutableReferences"].map((x) => `evm.deployedBytecode.${x}`),
];

/** As the text of a JSON file. Hardhat's defaults: no optimiser, metadata behind the code. */
export function compileBuildInfo(): string {
  const content = readFileSync(join(ROOT, SOURCE), "utf8");
  const input = {
    language: "Solidity",
    sources: { "contracts/Vault.sol": { content } },
    settings: { evmVersion: "cancun", outputSelection: { "*": { "*": OUTPUTS, "": ["id"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  if (output.errors !== undefined) throw new Error(JSON.stringify(output.errors));
  const info = { _format: "hh-sol-build-info-1", id: "0".repeat(32), solcVersion: solc.version().split("+")[0], input, output };
  return `${JSON.stringify(info)}\n`;
}
