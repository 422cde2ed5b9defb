import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { expect, it } from "vitest";
import { openRun } from "./last-run.ts";

it("suspects the stores after two runs in a row that ended without a stop", () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-run-"));
  const logger = createRecordingLogger();
  const open = () => openRun(folder, logger);
  expect([open().suspect, open().suspect, open().suspect]).toEqual([false, false, true]);
  expect(logger.lines.map(({ level }) => level)).toEqual(["info", "warn"]);
  const run = open();
  run.end();
  expect(existsSync(join(folder, "unclean"))).toBe(false);
  expect(open().suspect).toBe(false);
  rmSync(folder, { recursive: true });
});
