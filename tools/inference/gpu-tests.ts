/** `noema tool gpu-tests`: the tests that need a GPU, which fail here where there is none instead of being skipped. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { runTests } from "../test.ts";

const FILES = ["precompiles/src/backend/webgpu/"];
/** In a folder that packages of Debian were unpacked into (precompiles/README.md). */
const DRIVER = "usr/share/vulkan/icd.d/lvp_icd.json";
const LIBRARIES = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"];

/** Resolves with the exit code. `vulkan`: the folder of a driver in software; without it the system's. */
export async function runGpuTests(vulkan: string | undefined): Promise<number> {
  process.env.NOEMA_GPU_REQUIRED = "1";
  if (vulkan !== undefined) {
    const folder = resolve(vulkan);
    if (!existsSync(join(folder, DRIVER)))
      throw new Error(`${join(folder, DRIVER)} is not there: precompiles/README.md says what is unpacked`);
    process.env.VK_ICD_FILENAMES = join(folder, DRIVER);
    process.env.LD_LIBRARY_PATH = LIBRARIES.map((x) => join(folder, x)).join(":");
  }
  return runTests(FILES, { quick: true, gate: false, full: false });
}
