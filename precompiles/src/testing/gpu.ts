/** A GPU for tests, where there is one: `webgpu` is installed and a Vulkan driver found, one in software as well (precompiles/README.md). */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { OpenBackend } from "../backend/batch-backend.ts";
import { openProcessBackend } from "../backend/process-backend.ts";

const FOLDER = fileURLToPath(new URL("../../gpu/", import.meta.url));
export const GPU_PROCESS = new URL("./gpu-process.ts", import.meta.url);
/** With a wrong kernel. */
export const CORRUPT_PROCESS = new URL("./corrupt-gpu-process.ts", import.meta.url);

export const openTestGpu = (entry = GPU_PROCESS) => openProcessBackend(entry, FOLDER);

/** Why there is none; undefined: there is. */
export async function gpuMissing(): Promise<string | undefined> {
  if (!existsSync(`${FOLDER}node_modules/webgpu`)) return "webgpu is not installed: npm run noema -- gpu install";
  let open: OpenBackend | undefined;
  try {
    open = await openTestGpu();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    open?.close();
  }
}
