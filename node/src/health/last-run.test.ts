import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { expect, it } from "vitest";
import { openRun } from "./last-run.ts";

it("reads more of the stores after a run that ended without a stop, and all after two in a row", () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-run-"));
  const logger = createRecordingLogger();
  const open = () => openRun(folder, logger);
  expect([open().checkedBytes, open().checkedBytes, open().checkedBytes]).toEqual([undefined, 2 ** 31, Number.POSITIVE_INFINITY]);
  expect(logger.lines.map(({ level }) => level)).toEqual(["info", "warn"]);
  const run = open();
  run.end();
  expect(existsSync(join(folder, "unclean"))).toBe(false);
  expect(open().checkedBytes).toBeUndefined();
  rmSync(folder, { recursive: true });
});
