/** `noema bench finality`. */
import { integer } from "@noema/core/arguments";
import type { Command } from "commander";
import type { FinalityOptions } from "./measure.ts";

export function addFinality(bench: Command): void {
  bench
    .command("finality")
    .description(
      "how long until a transaction is final: idle, with inferences in every block, and with endless calls at every validator beside them; or beside blobs",
    )
    .option("--inferences <n>", "a block", integer(1, 10_000), 100)
    .option("--blocks <n>", "of each phase", integer(1, 100_000), 100)
    .option("--block-ms <n>", "interval between blocks", integer(50, 60_000), 1000)
    .option("--blobs", "idle, beside a slow file of 20 MB, beside a burst of 5 x 4 MB; blocks as a devnet makes them", false)
    .option("--validators <n>", "validators", integer(1, 16), 4)
    .option("--seed <n>", "of accounts and inputs", integer(0, 0x7fffffff), 1)
    .action(async (options: FinalityOptions) => {
      const { measureFinality } = await import("./measure.ts");
      process.exitCode = (await measureFinality(options)) ? 0 : 1;
    });
}
