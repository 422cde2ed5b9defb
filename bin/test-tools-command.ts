/** The command's options. What it does is imported when it runs: the tools that it drives may have to be installed first. */

import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { integer } from "../core/src/arguments.ts";
import { here, type NodeName, nodeNames } from "../e2e/tools/nodes.ts";
import type { ToolsOptions } from "../e2e/tools/run.ts";

export function command(): Command {
  return new Command("test-tools")
    .description(
      "Drives real tools at their defaults (Hardhat, ethers, viem, web3.js, Uniswap, cast, forge) against a devnet of one and of four validators, beside anvil and Hardhat's node. Exit code 1 when the devnet misses what is asked of it.",
    )
    .argument("[filters...]", "run the scenarios whose name contains one of these words; without any, all")
    .addOption(new Option("--validators <n>", "only the devnet of so many, beside the other nodes").choices(["1", "4"]))
    .option("--nodes <names>", `only these, separated by commas: ${nodeNames.join(", ")}`, nodeList)
    .option("--count <n>", "repetitions of each wait that is measured", integer(1, 10_000), 100)
    .option("--noema <folder>", "the checkout whose devnet is judged", resolve(here, "../.."))
    .option("--json <file>", "write the results as JSON")
    .option("--list", "print the scenarios' names and end", false)
    .action(async (filters: string[], options: ToolsOptions) => {
      const { installOutside } = await import("../tools/install-outside.ts");
      await installOutside("e2e/tools");
      const { runTools } = await import("../e2e/tools/run.ts");
      process.exitCode = (await runTools(filters, options)) ? 0 : 1;
    });
}

function nodeList(text: string): NodeName[] {
  const names = text.split(",") as NodeName[];
  if (!names.every((x) => nodeNames.includes(x))) throw new InvalidArgumentError(`names out of ${nodeNames.join(", ")} are expected.`);
  return names;
}
