/** `noema validator`. */
import { Command } from "commander";

export function command(): Command {
  return new Command("validator")
    .description("One validator, from the configuration file in its data directory; a devnet prints the command for each of its own.")
    .requiredOption("--config <file>", "its configuration file")
    .action(async ({ config }: { config: string }) => {
      const { runValidator } = await import("./validator.ts");
      await runValidator(config);
    });
}
