import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository or of npm's package, from the sources as from the start-up bundle below it. */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (folder !== dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "noema") return folder;
    folder = dirname(folder);
  }
  throw new Error("this file does not lie in the repository");
}

/** In whose node_modules `webgpu` is: beside its lock file in a clone, the user's own where npm's package is, which may be read-only. */
export function gpuFolder(): string {
  const root = repositoryRoot();
  if (existsSync(join(root, "package-lock.json"))) return gpuManifests();
  return join(process.env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "noema", "gpu");
}

/** The manifest and the lock file of what a GPU needs. */
export function gpuManifests(): string {
  return join(repositoryRoot(), "precompiles", "gpu");
}
