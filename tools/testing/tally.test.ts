import { expect, it } from "vitest";
import { createTally } from "./tally.ts";

it("says what runs and for how long, and counts what ended", () => {
  let now = 0;
  const tally = createTally(() => now);
  expect(tally.now()).toBe("loading the tests");
  tally.add({ kind: "run", files: 2 });
  tally.add({ kind: "file", file: "a" });
  tally.add({ kind: "test", file: "a", test: "adds" });
  now = 12_000;
  tally.add({ kind: "file", file: "b" });
  expect(tally.now()).toBe("0 of 2 files, 0 tests; a > adds (12 s); b (0 s)");
  for (const result of ["passed", "failed"] as const) tally.add({ kind: "testEnd", result });
  tally.add({ kind: "fileEnd", file: "a" });
  expect(tally.now()).toBe("1 of 2 files, 2 tests, 1 failed; b (0 s)");
  expect(tally.closing()).toBe("1 passed, 1 failed");
  tally.add({ kind: "testEnd", result: "skipped" });
  expect(tally.closing()).toBe("1 passed, 1 failed, 1 skipped");
});

it("a test that is told after its file has ended does not run on", () => {
  const tally = createTally(() => 0);
  tally.add({ kind: "run", files: 2 });
  tally.add({ kind: "file", file: "a.test.ts" });
  tally.add({ kind: "fileEnd", file: "a.test.ts" });
  tally.add({ kind: "test", file: "a.test.ts", test: "late" });
  expect(tally.now()).toBe("1 of 2 files, 0 tests");
});
