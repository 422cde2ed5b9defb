/** Where things lie in a devnet's data directory: datadir.ts. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** In a validator's folder. */
export const LOG_FILE = "node.log";

/** What it was made with; there once it is whole. */
export const manifestPath = (datadir: string) => join(datadir, "devnet.json");

export function validatorFolder(datadir: string, index: number): string {
  return join(datadir, `validator-${index}`);
}

/** Those that exist, whatever the options are now. */
export function existingFolders(datadir: string): string[] {
  const folders: string[] = [];
  for (let i = 0; existsSync(validatorFolder(datadir, i)); i++) folders.push(validatorFolder(datadir, i));
  return folders;
}
