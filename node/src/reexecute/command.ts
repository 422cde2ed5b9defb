/** `noema reexecute`. */
import { Command } from "commander";
import type { ReexecuteOptions } from "./main.ts";

export function command(): Command {
  return new Command("reexecute")
    .description(
      "Makes the state of a stopped validator again: executes every block of its chain and compares each result with the certified one. Where they agree, the new state takes the old one's place and the validator may vote again; where they do not, nothing is changed.",
    )
    .requiredOption("--datadir <folder>", "the validator's folder, in which its config.json lies")
    .option("--from-peers", "only remove the state: the started validator executes all again, with payload from peers", false)
    .action(async (options: ReexecuteOptions) => {
      const { reexecute } = await import("./main.ts");
      await reexecute(options);
    });
}
