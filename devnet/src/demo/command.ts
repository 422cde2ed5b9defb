/** `noema demo`. */
import { httpUrl, integer } from "@noema/core/arguments";
import { Command } from "commander";
import type { DemoOptions } from "./main.ts";

export function command(): Command {
  return new Command("demo")
    .description("Deploys DigitReader.sol on a running devnet and has it classify 100 handwritten digits, each in a transaction.")
    .option("--rpc <url>", "a validator's RPC", httpUrl, "http://127.0.0.1:8545")
    .option("--seed <n>", "which digits are drawn", integer(0, 2 ** 32 - 1), 1)
    .option("--json", "print the figures as one JSON object", false)
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import("./main.ts");
      await runDemo(options);
    });
}
