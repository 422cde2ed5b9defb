/** `noema bench load` and its kin: their options. What they do is imported when it runs. */
import { decimal, integer } from "@noema/core/arguments";
import { repositoryRoot } from "@noema/node/paths";
import { type Command, Option } from "commander";
import type { LoadCommandOptions } from "./load.ts";

const DAY_S = 86_400;

export function addLoadCommands(bench: Command): void {
  bench
    .command("load")
    .description("puts one load on one target and says what came of it")
    .option("--scenario <name>", "what is sent; `bench scenarios` lists them", "transfers")
    .option(
      "--rate <n>",
      "transactions a second, sent by schedule whatever the answers take; without it, as fast as answers come",
      decimal(0.01, 1e6, "transactions"),
    )
    .option("--window <n>", "requests without an answer on each connection, where there is no rate", integer(1, 1000), 1)
    .option("--senders <n>", "accounts that send", integer(1, 10_000), 200)
    .option("--connections <n>", "connections over which they send", integer(1, 10_000), 4)
    .option("--batch <n>", "transactions in a request", integer(1, 1000), 50)
    .addOption(new Option("--transport <name>", "how requests travel").choices(["http", "ws"]).default("http"))
    .option("--count <n>", "transactions that are signed before, and sent at most", integer(1, 1_000_000), 20_000)
    .option("--seconds <n>", "after so long nothing is sent any more", decimal(0.1, DAY_S, "seconds"), 10)
    .option("--runs <n>", "runs on the same chain, one after another", integer(1, 100), 1)
    .option("--seed <n>", "of accounts and recipients", integer(0, 0xffffffff), 1)
    .option("--settle <n>", "seconds of a run that do not count for the slope of memory", integer(0, DAY_S), 0)
    .option(
      "--sync-delay-ms <n>",
      "added to each fsync of the devnet: a slow disk (needs a C compiler)",
      decimal(0, 1000, "milliseconds"),
      0,
    )
    .option("--validators <n>", "of the devnet that is started", integer(1, 16), 1)
    .option("--noema <folder>", "the checkout whose devnet is started", repositoryRoot())
    .option("--wait-send", "answers come when a transaction is in a block, as a devnet's do by default", false)
    .option("--flags <text>", "more flags for the devnet, with spaces between", "")
    .option("--max-fee-gwei <n>", "what each transaction offers for its gas at most", integer(1, 1_000_000), 200)
    .option("--json", "one line of JSON instead of words", false)
    .action(async (options: LoadCommandOptions) => {
      const { load } = await import("./load.ts");
      await load(options);
    });
}
