/** `noema sim`. */
import { integer } from "@noema/core/arguments";
import { Command, Option } from "commander";
import type { SimOptions } from "./main.ts";

/** Seeds are numbers of 32 bits; first + seeds may pass them, and is still exact. */
const seed = integer(0, 2 ** 32 - 1);

export function command(): Command {
  return new Command("sim")
    .description("Consensus under seeded networks, disks and adversaries. Exit code 1 on any violation or stall.")
    .option("--seeds <n>", "how many seeds", integer(1, 1_000_000), 500)
    .option("--first <n>", "the first of them", seed, 1)
    .addOption(new Option("--seed <n>", "run one seed").argParser(seed).conflicts(["seeds", "first", "control"]))
    .addOption(
      new Option("--control <name>", "take one rule away: its pinned seed has to fail, and to pass with it").conflicts(["seeds", "first"]),
    )
    .addOption(
      new Option("--without <name>", "take a control's rule away from every seed, and nothing else: does the sweep find it?").conflicts([
        "control",
        "seed",
      ]),
    )
    .option("--verbose", "with --seed: every step", false)
    .action(async (options: SimOptions) => {
      const { runSim } = await import("./main.ts");
      await runSim(options);
    });
}
