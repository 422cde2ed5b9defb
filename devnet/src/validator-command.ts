/** `noema validator`. */
import { rowsOf } from "@noema/core/option-table";
import { addOptions, givenBy, named } from "@noema/node/cli/named-options";
import { nodeOptions } from "@noema/node/options";
import { Command } from "commander";

const options = named(rowsOf(nodeOptions));

export function command(): Command {
  const validator = new Command("validator")
    .description(
      "One validator, or with --follow a node that votes for nothing. Flags come before environment variables, both before the configuration file; genesis, datadir, ports and peers have to be said by one of them (docs/config.md). A devnet prints the command for each of its own.",
    )
    .option("--config <file>", "its configuration file");
  return addOptions(validator, options).action(async ({ config }: { config?: string }) => {
    const given = givenBy(options, validator);
    const { runValidator } = await import("./validator.ts");
    await runValidator(config, given);
  });
}
