/** `noema init`. */
import { rowsOf } from "@noema/core/option-table";
import { Command } from "commander";
import { addOptions, flagsOf, named } from "../cli/named-options.ts";
import { nodeOptions } from "../options.ts";

/** The network's file says the one, and the folder gets the other. */
const OWN = ["genesis", "network"];
const options = named(rowsOf(nodeOptions)).filter(({ key }) => !OWN.includes(key));

export function command(): Command {
  const init = new Command("init")
    .description(
      "Makes a data directory part of a network: with a key of the network's in it a validator, without one a full node, which follows, serves RPC and relays. Flags are written into its config.json; what they do not say can be said to `noema start` too.",
    )
    .requiredOption("--network <file>", "network.json, as `noema network new` makes it");
  return addOptions(init, options).action(async ({ network }: { network: string }) => {
    const given = flagsOf(options, init);
    const { initNode } = await import("./init.ts");
    process.stdout.write(`${await initNode(network, given)}\n`);
  });
}
