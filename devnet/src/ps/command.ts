/** `noema ps`. */
import { Command } from "commander";
import type { PsOptions } from "./main.ts";

export function command(): Command {
  return new Command("ps")
    .description("Shows a devnet's validators: process, state, height, RPC. True also after a validator was restarted.")
    .option("--datadir <folder>", "the devnet's data directory", ".noema/devnet")
    .option("--json", "print one JSON object", false)
    .action(async (options: PsOptions) => {
      const { runPs } = await import("./main.ts");
      await runPs(options);
    });
}
