import { execFile } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createProgress } from "../cli/progress.ts";
import { nodeError } from "../errors.ts";
import { makeFolder } from "../files/make-folder.ts";
import { gpuFolder, gpuManifests } from "../paths.ts";

/** `npm ci` of its lock file, without scripts. Throws GPU_INSTALL_FAILED. */
export async function installWebgpu(npm = "npm"): Promise<void> {
  const progress = createProgress();
  const [folder, from] = [gpuFolder(), gpuManifests()];
  if (folder !== from) {
    makeFolder(folder);
    for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(from, name), join(folder, name));
  }
  const installing = promisify(execFile)(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  await progress
    .during((s) => `installing webgpu (132 MB) ... ${s} s`, installing)
    .catch((cause) => {
      throw nodeError("GPU_INSTALL_FAILED", `npm ci in ${folder}: ${(cause as Error).message.trim().slice(-300)}`, {}, cause);
    });
  progress.say(`webgpu is installed; \`${process.env.NOEMA_INVOCATION} gpu check\` tries it`);
}
