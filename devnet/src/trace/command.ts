/** `noema trace`. */
import { httpUrl } from "@noema/core/arguments";
import { Command, InvalidArgumentError } from "commander";
import type { TraceOptions } from "./main.ts";

function transactionHash(text: string): string {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw new InvalidArgumentError("0x and the 64 hex digits of a transaction's hash are expected");
  return text.toLowerCase();
}

const collected = (file: string, before: readonly string[] = []) => [...before, file];

export function command(): Command {
  return new Command("trace")
    .description(
      "Shows the calls of a transaction as a tree: gas, value, what was called, logged and reverted with, and what contracts said by console.log.",
    )
    .argument("<tx>", "the transaction's hash", transactionHash)
    .option("--rpc <url>", "a node that keeps its height", httpUrl, "http://127.0.0.1:8545")
    .option("--abi <file>", "a JSON ABI or an artifact, whose functions, events and errors are named; may be repeated", collected)
    .option(
      "--artifacts <folder>",
      "a compiled project of Hardhat or Foundry: names of its ABIs, and the source lines of a failure; may be repeated",
      collected,
    )
    .option("--flame <file>", "write where the gas went: a flame graph if the name ends with .svg, else collapsed stacks")
    .option("--json", "print the answer of callTracer as it is", false)
    .action(async (hash: string, options: TraceOptions) => {
      const { showTrace } = await import("./main.ts");
      await showTrace(hash, options);
    });
}
