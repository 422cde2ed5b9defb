/** No test depends on speed: what names a time, in a test or in the harness, is refused, but for the files below, each with its reason. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const ALLOWED: Record<string, string> = {
  "e2e/harness/chain.ts": "says how long a chain paused",
  "e2e/harness/traffic.ts": "a pace, not a limit",
  "e2e/harness/wait.ts": "the pause between two looks, and what ends a hang",
  "execution/test/crash.full.ts": "the moment of a kill, any will do",
  "e2e/upgrade/network.ts": "says how long a stop took",
  "node/src/p2p/hostile-peers.test.ts": "a Hello that expired days ago",
  "execution/src/system/mine.test.ts": "seconds that a chain's blocks are apart, by its own clock",
  "node/src/chain/mining.test.ts": "the same",
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
  return files.filter(
    // media and pictures are made by hand, and the driven tools are there to be timed: no test's verdict hangs on them
    (x) =>
      !/node_modules\/|\.cache\/|^e2e\/(media|page|tools)\//.test(x) &&
      /(\.(test|spec|slow|full|e2e)|^e2e\/.*|\/src\/.*testing\/.*)\.m?ts$/.test(x),
  );
}

it("no test names a time", () => {
  const files = testFiles().map((path) => ({ path, times: timesIn(readFileSync(join(root, path), "utf8")) }));
  expect(files.length).toBeGreaterThan(100);
  const named = files.filter((x) => x.times.length > 0);
  expect(named.filter((x) => !(x.path in ALLOWED))).toEqual([]);
  expect(Object.keys(ALLOWED).filter((path) => !named.some((x) => x.path === path))).toEqual([]);
});

it.each([
  "await new Promise((done) => setTimeout(done, 500));",
  "const end = performance.now() + BUDGET;",
  "if (Date.now() > deadline) throw late; const deadline = Date.now() + 5000;",
  'it("works", { timeout: 5000 }, work);',
  "  await honest.stop();\n}, 30_000);",
  'await until(() => done, 20_000, () => "not done");',
])("would find %j", (text) => expect(timesIn(text)).not.toEqual([]));
