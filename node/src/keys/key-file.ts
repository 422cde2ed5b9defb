import { statSync } from "node:fs";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import { readJson } from "../files/read-json.ts";
import { keyError } from "./errors.ts";
import { peerKeyPath, validatorKeyPath } from "./paths.ts";

/** A keystore has some 900. */
const MAX_BYTES = 1 << 20;

/** Throws KEY_FILE_INVALID with the cause; the message never quotes the file. */
export function readKeyFile(path: string): unknown {
  try {
    return readJson(path, MAX_BYTES);
  } catch (error) {
    throw keyError("KEY_FILE_INVALID", isNoemaError(error) ? error.message : String(error), { path }, error);
  }
}

export type OpenKeyFile = { path: string; mode: string };

/** Key files of a data directory that others than their owner can read, with their mode as chmod takes it. */
export function openKeyFiles(datadir: string): OpenKeyFile[] {
  return [validatorKeyPath(datadir), peerKeyPath(datadir)].flatMap((path) => {
    const mode = openMode(statSync(path, { throwIfNoEntry: false })?.mode ?? 0);
    return mode === undefined ? [] : [{ path, mode }];
  });
}

/** Throws SECRET_FILE_OPEN for such a file; on a development chain, whose keys guard nothing, `warn` hears of it. */
export function checkKeyFiles(datadir: string, { dev, warn }: { dev: boolean; warn(file: OpenKeyFile): void }): void {
  for (const file of openKeyFiles(datadir)) {
    if (dev) warn(file);
    else throw openSecret(file);
  }
}

export function openSecret({ path, mode }: OpenKeyFile): NoemaError {
  return keyError("SECRET_FILE_OPEN", `${path} holds a secret, and others can read it (mode ${mode}): chmod 600 ${path}`, { path, mode });
}

/** As chmod takes it; undefined where its owner alone can read it. */
export function openMode(mode: number): string | undefined {
  if (process.platform === "win32" || (mode & 0o077) === 0) return undefined; // there modes say nothing about who may read
  return (mode & 0o777).toString(8).padStart(4, "0");
}
