import { integer } from "@noema/core/arguments";
import type { Command } from "commander";

export function addStop(bench: Command): void {
  bench
    .command("stop")
    .description("from SIGTERM to the end of a validator's process under load: alone, and as one of four")
    .option("--runs <n>", "of each", integer(1, 1000), 10)
    .action(async ({ runs }: { runs: number }) => {
      const { describeMachine } = await import("../machine.ts");
      const { measureStop } = await import("./measure.ts");
      process.stdout.write(`${describeMachine()}\n`);
      await measureStop(runs);
    });
}
