import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { completePart, partPath } from "./part-file.ts";

it("fetches nothing of what the disk has no room for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-part-"));
  const out = join(folder, "out");
  const whole = { out, part: partPath(out, `0x${"ab".repeat(32)}`), bytes: Number.MAX_SAFE_INTEGER };
  const fetch = () => expect.fail("it was fetched");
  await expect(completePart(whole, fetch)).rejects.toMatchObject({ code: "CLI_DISK_FULL", data: { bytes: whole.bytes } });
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
