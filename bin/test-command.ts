/** `noema test`, which is `npm test`. */
import { Command } from "commander";
import type { TestOptions } from "../tools/test.ts";

export function command(): Command {
  return new Command("test")
    .description("Runs the tests: unit, outside vectors, simulations, real processes and real clients.")
    .argument("[files...]", "only files whose path has one of these in it")
    .option("--quick", "only unit tests", false)
    .option("--gate", "also kill loops, faults and long simulations: what has to pass before anything lands", false)
    .option("--full", "everything: also upgrades, operators' networks, large files and what else takes minutes", false)
    .option("--vectors [folder]", "whole suites of outside vectors in the folder; without one it says where to get them")
    .option("-t, --test-name-pattern <pattern>", "only tests whose names match")
    .action(async (files: string[], options: TestOptions) => {
      const { runTests } = await import("../tools/test.ts");
      process.exitCode = await runTests(files, options);
    });
}
