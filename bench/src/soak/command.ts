import { integer } from "@noema/core/arguments";
import { repositoryRoot } from "@noema/node/paths";
import type { Command } from "commander";
import type { SoakOptions } from "./soak.ts";

const DAY_MIN = 1440;

export function addSoak(bench: Command): void {
  bench
    .command("soak")
    .description(
      "what grows in a validator, idle and then under load: memory, open files, bytes written, disk, each by the hour with its error",
    )
    .option("--idle <n>", "minutes without traffic", integer(0, DAY_MIN), 60)
    .option("--load <n>", "minutes with transfers, after it", integer(0, DAY_MIN), 30)
    .option("--rate <n>", "transfers a second", integer(1, 10_000), 100)
    .option("--settle <n>", "minutes before each, until stores and heaps have their working size", integer(0, DAY_MIN), 6)
    .option("--validators <n>", "validators", integer(1, 16), 4)
    .option("--keep-heights <n>", "heights that each keeps of the chain; 0: all", integer(0, 2 ** 31), 0)
    .option("--noema <folder>", "the checkout that is started", repositoryRoot())
    .action(async (options: SoakOptions) => {
      const { describeMachine, machineNow } = await import("../machine.ts");
      const { soak } = await import("./soak.ts");
      process.stdout.write(`${describeMachine(machineNow(options.noema))}\n`);
      await soak(options);
    });
}
