/** `noema validator`. */
import { rowsOf } from "@noema/core/option-table";
import { addOptions, givenBy, named } from "@noema/node/cli/named-options";
import { nodeOptions } from "@noema/node/options";
import { Command } from "commander";

const options = named(rowsOf(nodeOptions));

export function command(): Command {
  const validator = new Command("validator")
    .description(
      "One validator, from the configuration file in its data directory; a devnet prints the command for each of its own. Flags come before environment variables, both before the file: docs/config.md.",
    )
    .requiredOption("--config <file>", "its configuration file");
  return addOptions(validator, options).action(async ({ config }: { config: string }) => {
    const given = givenBy(options, validator);
    const { runValidator } = await import("./validator.ts");
    await runValidator(config, given);
  });
}
