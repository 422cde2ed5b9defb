/** `noema bench mixed`. */
import { join } from "node:path";
import { integer } from "@noema/core/arguments";
import { repositoryRoot } from "@noema/node/paths";
import type { Command } from "commander";
import type { MixedOptions } from "./measure.ts";

export function addMixed(bench: Command): void {
  bench
    .command("mixed")
    .description(
      "four validators on different stacks (WASM, another Node, WGSL, a gpu-worker) under mixed load: one root at every height; a back end that goes and comes serves again, one that lies is out within a block",
    )
    .option("--minutes <n>", "how long", integer(1, 1440), 20)
    .option("--rate <n>", "transactions a second, a third of them inferences", integer(3, 10_000), 30)
    .option("--seed <n>", "of accounts and inputs", integer(0, 0x7fffffff), 1)
    .option("--folder <folder>", "what `bench stacks --install` filled", join(repositoryRoot(), ".cache", "stacks"))
    .action(async (options: MixedOptions) => {
      const { measureMixed } = await import("./measure.ts");
      process.exitCode = (await measureMixed(options)) ? 0 : 1;
    });
}
