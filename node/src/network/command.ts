/** `noema network`. */
import { integer } from "@noema/core/arguments";
import { coreError } from "@noema/core/errors";
import { MAX_CHAIN_ID } from "@noema/core/options";
import { Command } from "commander";

/** Milliseconds since 1970. Throws ARGUMENT_INVALID. */
function time(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw coreError("ARGUMENT_INVALID", "a time like 2026-11-28T12:00:00Z is expected", { text });
  return ms;
}

export function command(): Command {
  return new Command("network")
    .description(
      "The founding of a network: each operator registers his validator, and anybody makes the network's file of all registrations.",
    )
    .addCommand(
      new Command("register")
        .summary("write a validator's public part, to be handed in")
        .description(
          "Writes a registration: public key, proof of possession, fee address and where others reach the node. It holds no secret.",
        )
        .requiredOption("--datadir <folder>", "the node's folder, with its key")
        .requiredOption("--name <text>", "of the operator, as others shall read it")
        .requiredOption("--address <address>", "where others reach it: /ip4/203.0.113.7/tcp/9645")
        .requiredOption("--fee-address <address>", "Ethereum address that gets the fees of its blocks")
        .requiredOption("--out <file>", "the registration to write")
        .option("--key <hex>", "public key of the validator, where there are several")
        .option("--password-file <file>", "holds the password of its keystore")
        .action(async (options) => (await import("./cli/register.ts")).register(options)),
    )
    .addCommand(
      new Command("new")
        .summary("make the network's file of all registrations")
        .description(
          "Checks each registration's proof and writes network.json, genesis included. Equal inputs give equal bytes: where the file exists, the two are compared.",
        )
        .requiredOption("--validators <files...>", "their registrations, each a JSON file or a folder of them")
        .requiredOption("--chain-id <id>", "in every transaction", integer(1, MAX_CHAIN_ID))
        .option("--name <text>", "of the network", "noema")
        .option("--time <text>", "of block 0 (default: when the last registration was made)", time)
        .option(
          "--settings <file>",
          "sections of genesis.json where they differ from the defaults: {execution: {alloc}, consensus, da, inference, fork}",
        )
        .option("--out <file>", "the file to write", "network.json")
        .action(async (options) => (await import("./cli/new.ts")).newNetwork(options)),
    );
}
