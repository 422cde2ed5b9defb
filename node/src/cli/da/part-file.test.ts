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

it("files of one name in two directories are never gone on with as one", () => {
  const [a, b] = ["a", "b"].map((digit) => `0x${digit.repeat(64)}`) as [string, string];
  const whats = [a, b, `${a}/data/file.bin`, `${b}/data/file.bin`, `${a}/file.bin`];
  expect(new Set(whats.map((what) => partPath("file.bin", what))).size).toBe(whats.length);
});
