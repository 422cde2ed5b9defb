/** Where a devnet goes on, its validators load what they run while their folder, the ports and the keys are looked at. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { existingFolders, manifestPath } from "./layout.ts";
import type { DevnetOptions } from "./options.ts";
import { type LoadingValidator, loadValidator } from "./process.ts";

/** None where the folders are made, or made anew. Throws FILE_UNWRITABLE. */
export function loadValidators({ datadir, fresh, ephemeral, validators }: DevnetOptions): LoadingValidator[] {
  const path = resolve(datadir);
  if (fresh || ephemeral || !existsSync(manifestPath(path))) return [];
  return existingFolders(path)
    .slice(0, validators)
    .map((folder, i) => loadValidator(i, folder));
}

/** Of those that were not told to start, which hold nothing. */
export async function endLoading(loading: readonly LoadingValidator[]): Promise<void> {
  for (const { child } of loading) child.kill("SIGKILL");
  await Promise.all(loading.map(({ exited }) => exited));
}
