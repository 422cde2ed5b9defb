import { statSync } from "node:fs";
import { isNoemaError } from "@noema/core/errors";
import { readJson } from "../files/read-json.ts";
import { keyError } from "./errors.ts";
import { peerKeyPath, validatorKeyPath } from "./paths.ts";

/** Throws KEY_FILE_INVALID with the cause; the message never quotes the file. */
export function readKeyFile(path: string): unknown {
  try {
    return readJson(path);
  } catch (error) {
    throw keyError("KEY_FILE_INVALID", isNoemaError(error) ? error.message : String(error), { path }, error);
  }
}

export type OpenKeyFile = { path: string; mode: string };

/** Key files of a data directory that others than their owner can read, with their mode as chmod takes it. */
export function openKeyFiles(datadir: string): OpenKeyFile[] {
  if (process.platform === "win32") return []; // its modes say nothing about who may read
  return [validatorKeyPath(datadir), peerKeyPath(datadir)].flatMap((path) => {
    const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
    return (mode & 0o077) === 0 ? [] : [{ path, mode: mode.toString(8).padStart(4, "0") }];
  });
}
