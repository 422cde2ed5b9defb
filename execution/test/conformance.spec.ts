/**
 * Ethereum's own state tests through the reference engine, the flat state and the trie: post-state root and logs hash of every
 * case. NOEMA_CONFORMANCE_ALL=1 runs those of a whole suite that take minutes each, too.
 */
import { basename } from "node:path";
import { outsideVectors } from "@noema/core/testing/conformance";
import { describe, expect, it } from "vitest";
import { EXPENSIVE, NEVER } from "./expensive.ts";
import { runCase, type StateTest, TEST_FORKS } from "./state-test.ts";

const leftOut = process.env.NOEMA_CONFORMANCE_ALL === "1" ? NEVER : EXPENSIVE;
/** Cases of the committed sample. */
const SAMPLE: Record<string, number> = { "gst-cancun": 5238, "eest-osaka": 1230 };
/** The sample is a part of the whole suite: where that one is, it alone runs. */
const suites = Object.keys(SAMPLE).flatMap((suite) =>
  outsideVectors(suite)
    .slice(-1)
    .map((vectors) => ({ suite, ...vectors })),
);

describe.each(suites)("$suite, $source", ({ suite, source, paths, read }) => {
  it("every case gives the expected state root and logs", async () => {
    const files = paths.filter((path) => path.endsWith(".json") && !path.includes(".meta"));
    const run = files.filter((path) => !leftOut.test(path));
    const failures: string[] = [];
    const counts = new Map<string, number>();
    for (const file of run)
      for (const [name, test] of Object.entries(JSON.parse(read(file)) as Record<string, StateTest>))
        for (const [fork, posts] of Object.entries(test.post)) {
          const ours = TEST_FORKS[fork];
          if (ours === undefined) continue;
          for (const [i, post] of posts.entries()) {
            const wrong = await runCase(test, ours, post).catch((error) => `threw ${error}`);
            counts.set(fork, (counts.get(fork) ?? 0) + 1);
            if (wrong !== undefined) failures.push(`${basename(file)} ${name} ${fork} ${i}: ${wrong}`);
          }
        }
    const ran = [...counts].map(([fork, n]) => `${fork} ${n}`).join(", ");
    const total = [...counts.values()].reduce((a, b) => a + b, 0);
    console.log(`${suite}, ${source}: ${total} cases ran (${ran}), ${failures.length} failed, ${files.length - run.length} files left out`);
    expect(failures).toEqual([]);
    if (source === "sample") expect(total).toBe(SAMPLE[suite]);
    else expect(total).toBeGreaterThan(0);
  });
});
