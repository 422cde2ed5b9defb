/** `noema config`. */
import { rowsOf } from "@noema/core/option-table";
import { Command } from "commander";
import { nodeOptions } from "../../options.ts";
import { addOptions, flagsOf, named, variablesOf } from "../named-options.ts";

const options = named(rowsOf(nodeOptions));

export function command(): Command {
  const show = new Command("show")
    .summary("print every option of a node with its value")
    .description(
      "Reads what `noema start` would read with the same flags, checks it, and prints each option as it holds. Nothing is started.",
    )
    .option("--config <file>", "the configuration file, JSON or TOML (default: config.json or config.toml of --datadir)")
    .option("--origin", "also print what said it: a flag, a variable, the file, the network's file or the default", false)
    .option("--json", "print one JSON object", false);
  addOptions(show, options).action(async ({ config, origin, json }: { config?: string; origin: boolean; json: boolean }) => {
    const { shownConfig } = await import("./show.ts");
    const said = { flags: flagsOf(options, show), variables: variablesOf(options) };
    process.stdout.write(`${shownConfig(options, config, said, { origin, json })}\n`);
  });
  return new Command("config").description("What a node is told.").addCommand(show);
}
