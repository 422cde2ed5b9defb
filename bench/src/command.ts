/** `noema bench <scenario>`. */
import { integer } from "@noema/core/arguments";
import { Command } from "commander";

const DAY_S = 86_400;

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
  return bench;
}
