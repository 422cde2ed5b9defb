/** `noema devnet`. */
import { coreError } from "@noema/core/errors";
import { addOptions, givenBy } from "@noema/node/cli/named-options";
import { Command } from "commander";
import { ownOptions, readOptions, sharedOptions } from "./options.ts";

export { elsewhere } from "./elsewhere.ts";

export function command(): Command {
  const devnet = new Command("devnet").description(
    "A network of validators in one command, really voting; --validators 1 makes a block the moment a transaction arrives. Environment variables: docs/config.md.",
  );
  return addOptions(devnet, [...ownOptions, ...sharedOptions]).action(async () => {
    const own = givenBy(ownOptions, devnet);
    if (own.ephemeral && own.datadir !== undefined)
      throw coreError("ARGUMENT_INVALID", "--ephemeral keeps nothing and --datadir does: give one of them");
    const options = readOptions(own, givenBy(sharedOptions, devnet));
    const { runDevnet } = await import("./main.ts");
    await runDevnet(options);
  });
}
