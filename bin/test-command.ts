/** `noema test`, which is `npm test`. */
import { Command } from "commander";

export type TestOptions = { quick: boolean };

export function command(): Command {
  return new Command("test")
    .description("Runs the tests: unit, outside vectors, simulations, real processes and real clients.")
    .argument("[filters...]", "only files whose path has one of these in it")
    .option("--quick", "only unit tests", false)
    .action(async (filters: string[], { quick }: TestOptions) => {
      const { runTests } = await import("../tools/test.ts");
      await runTests(filters, quick);
    });
}
