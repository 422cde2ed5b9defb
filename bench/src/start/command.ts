import { integer } from "@noema/core/arguments";
import { repositoryRoot } from "@noema/node/paths";
import type { Command } from "commander";
import type { StartOptions } from "./measure.ts";

export function addStart(bench: Command): void {
  bench
    .command("start")
    .description("until a devnet of one and of four answers, new and again, and until help is there, beside an empty script of Node")
    .option("--runs <n>", "of each, in turns", integer(1, 1000), 7)
    .option("--noema <folder>", "the checkout that is started", repositoryRoot())
    .action(async (options: StartOptions) => {
      const { describeMachine } = await import("../machine.ts");
      const { measureStart } = await import("./measure.ts");
      process.stdout.write(`${describeMachine()}\n`);
      await measureStart(options);
    });
}
