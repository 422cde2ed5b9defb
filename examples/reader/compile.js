import { readFileSync } from "node:fs";
import solc from "solc";

const read = (file) => readFileSync(new URL(`contracts/${file}`, import.meta.url), "utf8");

/** contracts/NAME.sol as { abi, bytecode }; throws what solc complains of. */
export function compile(name) {
  const settings = { optimizer: { enabled: true }, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } };
  const input = { language: "Solidity", sources: { [`${name}.sol`]: { content: read(`${name}.sol`) } }, settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: (file) => ({ contents: read(file) }) }));
  if (output.errors) throw new Error(output.errors.map((x) => x.formattedMessage).join("\n"));
  const { abi, evm } = output.contracts[`${name}.sol`][name];
  return { abi, bytecode: `0x${evm.bytecode.object}` };
}
