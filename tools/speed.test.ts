/** No test depends on speed: what names a time, in a test or in the harness, is refused, but for the files below, each with its reason. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const ALLOWED: Record<string, string> = {
  "bench/": "measures",
  "consensus/src/sim/main.ts": "progress",
  "core/src/testing/compliance/clock.ts": "timers by their order",
  "e2e/faults/one-dies.e2e.ts": "says how long a chain paused",
  "e2e/harness/chain.ts": "the same",
  "e2e/harness/random.ts": "a seed",
  "e2e/harness/traffic.ts": "a pace, not a limit",
  "e2e/harness/wait.ts": "the pause between two looks, and what ends a hang",
  "execution/test/crash.full.ts": "the moment of a kill, any will do",
  "node/src/p2p/hostile-peers.test.ts": "a Hello that expired days ago",
  "node/src/clock.test.ts": "the system's clock itself: timers by their order",
  "node/src/store/crash.full.ts": "the moment of a kill, any will do",
  "tools/speed.test.ts": "names them",
};

/** What a test would have to be fast, or slow, for. */
const TIMES: readonly RegExp[] = [
  /\bset(Timeout|Interval)\(/,
  /\bAbortSignal\.timeout\(/,
  /\bperformance\.now\(/,
  /\bDate\.now\(\) *[-+<>]/,
  /\b(timeout|timeoutMs|retry|interval): *\d/,
  /^\s*\}, *\d[\d_]{3,}\);$/m, // a test's own timeout
  /\buntil\([^;]*?, *\d[\d_]*, *\(\) =>/,
  /\bvi\.(waitFor|waitUntil|mock|useFakeTimers)\(/,
];

const timesIn = (text: string) => TIMES.filter((x) => x.test(text)).map(String);

function testFiles(): string[] {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).map((x) => x.replaceAll("\\", "/"));
  return files.filter((x) => !/node_modules\/|\.cache\//.test(x) && /(\.(test|spec|slow|full|e2e)|^e2e\/.*)\.m?ts$/.test(x));
}

it("no test names a time", () => {
  const found = testFiles().filter((x) => !Object.keys(ALLOWED).some((prefix) => x.startsWith(prefix)));
  expect(found.length).toBeGreaterThan(100);
  const wrong = found.flatMap((x) => timesIn(readFileSync(join(root, x), "utf8")).map((time) => `${x}: ${time}`));
  expect(wrong).toEqual([]);
});

it.each([
  "await new Promise((done) => setTimeout(done, 500));",
  "const end = performance.now() + BUDGET;",
  "if (Date.now() > deadline) throw late; const deadline = Date.now() + 5000;",
  'it("works", { timeout: 5000 }, work);',
  "  await honest.stop();\n}, 30_000);",
  'await until(() => done, 20_000, () => "not done");',
])("would find %j", (text) => expect(timesIn(text)).not.toEqual([]));
