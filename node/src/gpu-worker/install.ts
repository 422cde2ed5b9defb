import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createProgress } from "../cli/progress.ts";
import { nodeError } from "../errors.ts";
import { gpuFolder } from "../inference/open-beside.ts";

/** `npm ci` of its lock file, without scripts. Throws GPU_INSTALL_FAILED. */
export async function installWebgpu(npm = "npm"): Promise<void> {
  const progress = createProgress();
  const folder = gpuFolder();
  const installing = promisify(execFile)(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  await progress
    .during((s) => `installing webgpu (132 MB) ... ${s} s`, installing)
    .catch((cause) => {
      throw nodeError("GPU_INSTALL_FAILED", `npm ci in ${folder}: ${(cause as Error).message.trim().slice(-300)}`, {}, cause);
    });
  progress.say("webgpu is installed; `npm run noema -- gpu check` tries it");
}
