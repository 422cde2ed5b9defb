import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { spawnValidator } from "./process.ts";

it("names the log of a validator that ended while it started", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-process-"));
  const { child, ready, exited } = spawnValidator(2, folder, () => {});
  child.kill("SIGKILL");
  expect(await exited).toBe("SIGKILL");
  await expect(ready).rejects.toMatchObject({ code: "DEV_VALIDATOR_FAILED", message: expect.stringContaining(folder) });
  rmSync(folder, { recursive: true });
});
