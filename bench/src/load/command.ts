/** `noema bench load` and its kin: their options. What they do is imported when it runs. */
import { httpUrl, integer } from "@noema/core/arguments";
import { decimal as decimalSchema, fromText } from "@noema/core/option-table";
import { repositoryRoot } from "@noema/node/paths";
import { type Command, Option } from "commander";
import type { DiskOptions } from "../disk/disk.ts";
import { QUESTIONS } from "./beside/questions.ts";
import type { LoadCommandOptions } from "./load.ts";
import type { PeersOptions } from "./peers.ts";
import type { QuickOptions } from "./quick.ts";
import { ORDERS } from "./send/order.ts";

const DAY_S = 86_400;

export function addLoadCommands(bench: Command): void {
  const target = new Option("--target <name>", "what is started and measured").choices(["noema", "anvil", "hardhat"]).default("noema");
  bench
    .command("load")
    .description("puts one load on one target and says what came of it")
    .option("--scenario <name>", "what is sent; `bench scenarios` lists them", "transfers")
    .option(
      "--rate <n>",
      "transactions a second, by schedule whatever the answers take; without it, as fast as answers come",
      decimal(0.01, 1e6, "transactions"),
    )
    .option("--window <n>", "requests without an answer on each connection, where there is no rate", integer(1, 1000), 1)
    .option("--senders <n>", "accounts that send", integer(1, 10_000), 200)
    .option("--connections <n>", "connections over which they send", integer(1, 10_000), 4)
    .option("--batch <n>", "transactions in a request", integer(1, 1000), 50)
    .addOption(new Option("--transport <name>", "how requests travel").choices(["http", "ws"]).default("http"))
    .option("--bytes <n>", "of each object of the scenario blobs", integer(1, 2 ** 27), 100_000)
    .option("--count <n>", "transactions that are signed before each run, and sent at most", integer(1, 1_000_000), 20_000)
    .option("--seconds <n>", "after so long nothing is sent any more", decimal(0.1, DAY_S, "seconds"), 10)
    .option("--runs <n>", "runs on the same chain, one after another", integer(1, 100), 1)
    .option("--curve", "latency at rates up to what goes at most, and the knee", false)
    .addOption(
      new Option("--order <name>", "rounds over the senders, or what makes it harder for a pool").choices(ORDERS).default("rounds"),
    )
    .option("--receipts", "follow each answer by asking for the receipt until it is there (with --batch 1)", false)
    .addOption(new Option("--probe <name>", "a question that is asked meanwhile, by schedule").choices(Object.keys(QUESTIONS)))
    .option("--probe-rate <n>", "questions a second", decimal(0.1, 10_000, "questions"), 20)
    .option("--calls <n>", "endless eth_calls of 50M gas that are always on the way at every validator", integer(0, 10_000), 0)
    .option("--logs", "somebody subscribes to all logs: were they told, each once and in order?", false)
    .option(
      "--forge <n>",
      "end the last validator, and send by its key so many frames of 768 forged certificates a second; 0 to compare",
      decimal(0, 1000, "frames"),
    )
    .option("--seed <n>", "of accounts and recipients", integer(0, 0xffffffff), 1)
    .option("--settle <n>", "seconds of a run that do not count for the slope of memory", integer(0, DAY_S), 0)
    .addOption(target)
    .option("--validators <n>", "of the devnet that is started", integer(1, 16), 1)
    .option("--noema <folder>", "the checkout whose devnet is started", repositoryRoot())
    .option("--wait-send", "answers come when a transaction is in a block, as a devnet's do by default", false)
    .option("--flags <words>", "more flags for the devnet, with spaces between", "")
    .option(
      "--sync-delay-ms <n>",
      "added to each fsync of the devnet: a slow disk (needs a C compiler)",
      decimal(0, 1000, "milliseconds"),
      0,
    )
    .option("--url <url>", "any Ethereum RPC instead, also several; NOEMA_BENCH_KEY has the key of an account that pays", urls)
    .option("--observe <url>", "where blocks are read, if not at the last --url", httpUrl)
    .option("--pid <n>", "process of --url, so that its CPU time is counted", integer(1, 2 ** 22))
    .option("--max-fee-gwei <n>", "what each transaction offers for its gas at most", integer(1, 1_000_000), 200)
    .option("--out <folder>", "write result.json, runs.csv, and the report as Markdown and as one HTML file there")
    .option("--json", "one line of JSON instead of words", false)
    .action(async (options: LoadCommandOptions) => {
      const { load } = await import("./load.ts");
      await load(options);
    });
  bench
    .command("scenarios")
    .description("what `bench load --scenario` may be")
    .action(async () => {
      const { listed } = await import("./scenarios/table.ts");
      for (const { name, about } of listed) process.stdout.write(`${name.padEnd(12)}${about}\n`);
    });
  bench
    .command("disk")
    .description("every byte that transfers leave on a validator's disk, by file, table and kind of record")
    .option("--rate <n>", "transfers a second", decimal(0.1, 100_000, "transactions"), 500)
    .option("--batch <n>", "transfers in a request; with 1 and a low rate a block has one", integer(1, 1000), 50)
    .option("--seconds <n>", "how long they are sent", decimal(0.5, DAY_S, "seconds"), 40)
    .option("--senders <n>", "accounts that send", integer(1, 10_000), 200)
    .option("--validators <n>", "of the devnet; the first one's disk is told of", integer(1, 16), 1)
    .option("--noema <folder>", "the checkout whose devnet is started", repositoryRoot())
    .option("--seed <n>", "of accounts and recipients", integer(0, 0xffffffff), 1)
    .action(async (options: DiskOptions) => {
      const { disk } = await import("../disk/disk.ts");
      await disk(options);
    });
  addComparison(bench.command("quick"))
    .description("45 s: transfers on one and on four validators, beside anvil where it is installed, and the ratios")
    .option("--record", "also write bench/records/quick-<commit>.json", false)
    .action(async (options: QuickOptions) => {
      const { quick } = await import("./quick.ts");
      await quick(options);
    });
  addComparison(bench.command("peers"))
    .description("the same load on this devnet, anvil and Hardhat, which are installed when they are missing")
    .option("--scenario <name>", "what is sent; `bench scenarios` lists them", "transfers")
    .option("--seconds <n>", "that each run sends", decimal(0.5, 3600, "seconds"), 5)
    .option("--rounds <n>", "runs of each", integer(1, 100), 2)
    .action(async (options: PeersOptions) => {
      const { peers } = await import("./peers.ts");
      await peers(options);
    });
  bench
    .command("compare")
    .description("two results by their ratios to the anchor; exit code 1 where the second is worse beyond the spread")
    .argument("<file>", "result.json, or a record of bench/records")
    .argument("<file>", "the one that may be worse")
    .action(async (before: string, after: string) => {
      const { compare } = await import("./compare.ts");
      process.exitCode = compare(before, after) ? 0 : 1;
    });
}

/** With fractions. */
function decimal(min: number, max: number, unit: string): (text: string) => number {
  const schema = decimalSchema(min, max, unit);
  return (text) => fromText(schema, text) as number;
}

function urls(text: string, before: readonly string[] = []): string[] {
  return [...before, httpUrl(text)];
}

function addComparison(command: Command): Command {
  return command
    .option("--noema <folder>", "the checkout whose devnet is started", repositoryRoot())
    .option("--seed <n>", "of accounts and recipients", integer(0, 0xffffffff), 1)
    .option("--out <folder>", "write result.json, runs.csv, and the report as Markdown and as one HTML file there")
    .option("--json", "one line of JSON instead of words", false);
}
