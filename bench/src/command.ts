/** `noema bench <scenario>`. */
import { integer } from "@noema/core/arguments";
import { Command, Option } from "commander";
import { addLoadCommands } from "./load/command.ts";
import type { WorstBlockOptions } from "./scenarios/worst-block.ts";

const DAY_S = 86_400;
const GAS_LIMIT = 30_000_000;

export function command(): Command {
  const bench = new Command("bench").description("Measures whole networks. Each scenario prints the machine and the commit first.");
  bench
    .command("idle")
    .description("what a devnet costs without traffic: CPU, memory, disk")
    .option("--seconds <n>", "how long it is measured", integer(1, DAY_S), 120)
    .option("--settle <n>", "seconds before, until the stores have their working size", integer(0, DAY_S), 300)
    .option("--validators <n>", "validators", integer(1, 16), 4)
    .action(async (options: { seconds: number; settle: number; validators: number }) => {
      const { describeMachine } = await import("./machine.ts");
      const { idle } = await import("./scenarios/idle.ts");
      process.stdout.write(`${describeMachine()}\n`);
      await idle(options);
    });
  bench
    .command("worst-block")
    .description("searches for the block that takes the execution engine longest for its gas, on one core")
    .option("--seconds <n>", "how long it searches; the table takes some minutes more", integer(0, DAY_S), 900)
    .addOption(
      new Option("--seed <n>", "of the search")
        .argParser(integer(0, 0xffffffff))
        .default(Math.floor(Math.random() * 0xffffffff), "a new one"),
    )
    .option("--only <names>", "kinds of attack or parts of their names, with commas between them")
    .option("--gas <n>", "gas of one try", integer(100_000, 16_777_216), 4_000_000)
    .option("--gas-limit <n>", "gas of the block that the table speaks of", integer(21_000, 2 ** 40), GAS_LIMIT)
    .option("--runs <n>", "runs of each line of the table", integer(1, 100), 5)
    .option("--keep <n>", "lines of each kind", integer(1, 1000), 5)
    .option("--state <n>", "accounts and slots that the state has", integer(100, 10_000_000), 50_000)
    .option("--json", "one line of JSON instead of a table", false)
    .action(async (options: WorstBlockOptions) => {
      const { describeMachine } = await import("./machine.ts");
      const { selectAttacks, worstBlock } = await import("./scenarios/worst-block.ts");
      const attacks = selectAttacks(options.only);
      if (!options.json) process.stdout.write(`${describeMachine()}\n`);
      await worstBlock(options, attacks);
    });
  addLoadCommands(bench);
  return bench;
}
