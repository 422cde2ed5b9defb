/** `noema start`. */
import { rowsOf } from "@noema/core/option-table";
import { Command } from "commander";
import { addOptions, givenBy, named } from "../cli/named-options.ts";
import { nodeOptions } from "../options.ts";

const options = named(rowsOf(nodeOptions));

export function command(): Command {
  const start = new Command("start")
    .description(
      "One node: a validator, or with --follow a node that votes for nothing. Its configuration file is config.json of --datadir, as `noema init` writes it, or config.toml there, or --config; flags come before environment variables, both before the file (docs/config.md). A devnet prints the command for each of its own.",
    )
    .option("--config <file>", "its configuration file");
  return addOptions(start, options).action(async ({ config }: { config?: string }) => {
    const given = givenBy(options, start);
    const { configFileOf } = await import("../config.ts");
    const { runNode } = await import("./run.ts");
    await runNode(configFileOf(config, given), given);
  });
}
