import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readBounded } from "./limits.ts";

it("a folder and a pipe that nobody writes are refused, not waited for", () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-limits-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, "pipe.onnx");
  execFileSync("mkfifo", [pipe]);
  for (const path of [folder, pipe, "/dev/zero"])
    expect(() => readBounded(path, 1000, "CONVERT_SOURCE_INVALID")).toThrow(expect.objectContaining({ code: "CONVERT_SOURCE_INVALID" }));
});
