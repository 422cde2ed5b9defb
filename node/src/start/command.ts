/** `noema start`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { rowsOf } from "@noema/core/option-table";
import { Command } from "commander";
import { addOptions, givenBy, named } from "../cli/named-options.ts";
import { CONFIG_FILE } from "../config.ts";
import { nodeOptions } from "../options.ts";

const options = named(rowsOf(nodeOptions));

export function command(): Command {
  const start = new Command("start")
    .description(
      "One node: a validator, or with --follow a node that votes for nothing. Its configuration file is config.json of --datadir, as `noema init` writes it, or --config; flags come before environment variables, both before the file (docs/config.md). A devnet prints the command for each of its own.",
    )
    .option("--config <file>", "its configuration file");
  return addOptions(start, options).action(async ({ config }: { config?: string }) => {
    const given = givenBy(options, start);
    const { runNode } = await import("./run.ts");
    await runNode(config ?? fileIn(given.datadir), given);
  });
}

/** Where neither a file nor a folder with one is named, flags and variables say all. */
function fileIn(datadir: unknown): string | undefined {
  const file = typeof datadir === "string" ? join(datadir, CONFIG_FILE) : undefined;
  return file !== undefined && existsSync(file) ? file : undefined;
}
