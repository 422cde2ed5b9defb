/** `bench compare`: is the second result worse than the first? */
import { describeMachine } from "../machine.ts";
import { benchError } from "./errors.ts";
import { readResult } from "./result.ts";
import { compareRatios } from "./stats/compare.ts";

/** Above this others take from what is measured, and ratios move for their sake. */
const QUIET_CORES = 0.2;

/** Prints the comparison; false where something is worse beyond the spread. Throws BENCH_RESULT_INVALID, BENCH_NOTHING_TO_COMPARE. */
export function compare(beforePath: string, afterPath: string, say = (line: string) => void process.stdout.write(`${line}\n`)): boolean {
  const [before, after] = [readResult(beforePath), readResult(afterPath)];
  const found = compareRatios(before.ratios, after.ratios);
  if (found.length === 0) throw benchError("BENCH_NOTHING_TO_COMPARE", `${beforePath} and ${afterPath} have no ratio in common`);
  say(`before: ${describeMachine(before.machine)}; ${before.at}`);
  say(`after:  ${describeMachine(after.machine)}; ${after.at}`);
  for (const [which, { otherCores = 0 }] of Object.entries({ before, after }))
    if (otherCores > QUIET_CORES)
      say(`${which}: other processes kept ${otherCores.toFixed(1)} cores busy; measure it again on a quiet machine`);
  for (const { name, before, after, tolerance, verdict } of found)
    say(
      `${verdict.padEnd(6)} ${name}: ${before.toFixed(2)} -> ${after.toFixed(2)} (${percent(after / before - 1)}, within ${percent(tolerance)} is noise)`,
    );
  const worse = found.filter((x) => x.verdict === "worse").map((x) => x.name);
  say(worse.length === 0 ? "nothing is worse" : `worse: ${worse.join("; ")}`);
  return worse.length === 0;
}

function percent(share: number): string {
  return `${share > 0 ? "+" : ""}${(100 * share).toFixed(0)} %`;
}
