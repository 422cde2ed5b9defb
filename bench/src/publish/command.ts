/** `noema bench publish`. */
import { integer } from "@noema/core/arguments";
import { type Command, InvalidArgumentError } from "commander";
import type { LanesOptions } from "./lanes.ts";
import type { PublishOptions } from "./measure.ts";

export function addPublish(bench: Command): void {
  bench
    .command("publish")
    .description(
      "objects through a devnet: first put 30 s after the start, publish to certificate, retries, reads of a stranger; a stopped holder; who stalls",
    )
    .option("--puts <n>", "one after another, in each phase", integer(1, 100_000), 100)
    .option("--bytes <n>", "of each", integer(1, 16_252_928), 3_145_728)
    .option("--validators <n>", "validators", integer(1, 16), 4)
    .option("--stopped", "and again with the last validator stopped by a signal, its connections open", false)
    .option("--stalled", "and again beside four stalled offers of a validator that turned and eight half-sent PUTs", false)
    .option("--seed <n>", "of the objects", integer(0, 0xffffffff), 1)
    .action(async (options: PublishOptions) => {
      const { measurePublish } = await import("./measure.ts");
      await measurePublish(options);
    });
  bench
    .command("lanes")
    .description("CPU of an object's publisher and of each holder, over the number of validators, in a simulated network")
    .option("--validators <names>", "numbers of them, of equal stake, with commas between", numbersOf, [4, 20, 100])
    .option("--bytes <n>", "of the object", integer(1, 4_063_232), 3_145_728)
    .option("--runs <n>", "objects of each; one more is not counted", integer(1, 100), 3)
    .action(async (options: LanesOptions) => {
      const { measureLanes } = await import("./lanes.ts");
      await measureLanes(options);
    });
}

function numbersOf(text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.some((n) => !Number.isInteger(n) || n < 4 || n > 200)) throw new InvalidArgumentError("numbers from 4 to 200 are expected");
  return numbers;
}
