/**
 * Ethereum's own state tests through the reference engine, the flat state and the trie: post-state root and logs hash of every
 * case. A sample that takes about a minute by default, spread over all files; NOEMA_CONFORMANCE_ALL=1 runs every case.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { conformanceDir } from "@noema/core/testing/conformance";
import { describe, expect, it } from "vitest";
import { runCase, type StateTest, TEST_FORKS } from "./state-test.ts";

const all = process.env.NOEMA_CONFORMANCE_ALL === "1";
/** 2^32 rounds of BLAKE2 in JavaScript take hours. */
const NEVER = /CALLBlake2f_MaxRounds/;
/** Cases of one file and fork when not all are run: some files have hundreds that differ by one byte. */
const CASES = all ? Number.POSITIVE_INFINITY : 2;
/** Milliseconds for one suite when not all is run. */
const BUDGET = 35_000;
/** Cases that need minutes of the reference engine each. */
const SLOW =
  /loopMul|loopExp|CALLBlake2f_MaxRounds|static_Call50000|Call50000|Return50000|Callcode50000|QuadraticComplexity|static_LoopCalls|LoopCallsDepth/;

describe.each(["gst-cancun", "eest-osaka"])("%s", (archive) => {
  const folder = conformanceDir(archive);
  it.skipIf(folder === undefined)("every case gives the expected state root and logs", { timeout: all ? 7_200_000 : 120_000 }, async () => {
    const files = readdirSync(folder as string, { recursive: true, encoding: "utf8" }).filter(
      (f) => f.endsWith(".json") && !f.includes(".meta"),
    );
    const failures: string[] = [];
    const counts = new Map<string, number>();
    const end = performance.now() + BUDGET;
    let left = 0;
    for (const file of spread(files.sort())) {
      if (NEVER.test(file) || (!all && (SLOW.test(file) || performance.now() > end))) {
        left++;
        continue;
      }
      const tests = JSON.parse(readFileSync(join(folder as string, file), "utf8")) as Record<string, StateTest>;
      for (const [name, test] of Object.entries(tests))
        for (const [fork, posts] of Object.entries(test.post)) {
          const ours = TEST_FORKS[fork];
          if (ours === undefined) continue;
          for (const [i, post] of posts.slice(0, CASES).entries()) {
            const wrong = await runCase(test, ours, post).catch((error) => `threw ${error}`);
            counts.set(fork, (counts.get(fork) ?? 0) + 1);
            if (wrong !== undefined) failures.push(`${basename(file)} ${name} ${fork} ${i}: ${wrong}`);
          }
        }
    }
    const ran = [...counts].map(([fork, n]) => `${fork} ${n}`).join(", ");
    const total = [...counts.values()].reduce((a, b) => a + b, 0);
    console.log(`${archive}: ${total} cases ran (${ran}), ${failures.length} failed, ${left} of ${files.length} files left out`);
    expect(failures).toEqual([]);
  });
});

/** In an order in which any beginning is a sample of the whole. */
function spread(files: readonly string[]): string[] {
  const step = 61;
  return Array.from({ length: step }, (_, start) => files.filter((_, i) => i % step === start)).flat();
}
