import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { GPU_PROCESS } from "../testing/gpu.ts";
import { openProcessBackend } from "./process-backend.ts";

it("says what is missing where webgpu is not installed, and where its process does not start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-no-gpu-"));
  try {
    await expect(openProcessBackend(GPU_PROCESS, folder)).rejects.toMatchObject({
      code: "BACKEND_UNAVAILABLE",
      message: expect.stringContaining("npm run noema -- gpu install"),
    });
    await expect(openProcessBackend(new URL("no-such-file.ts", GPU_PROCESS), folder)).rejects.toMatchObject({
      code: "BACKEND_UNAVAILABLE",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
