/**
 * Files appear whole or not at all: written beside their place, fsynced, renamed. A crash at any point leaves the old file, or
 * none, and at most a `.tmp` beside it.
 */
import { randomBytes } from "node:crypto";
import { closeSync, linkSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isNoemaError } from "@noema/core/errors";
import { fileError } from "./file-error.ts";
import { syncPath } from "./sync.ts";

export type Replacement = {
  /** Write here; for a place that cannot be replaced, such as a pipe or a terminal, the place itself. */
  path: string;
  /** Makes it durable and moves it to its place. Throws FILE_UNWRITABLE. */
  commit(): void;
  /** Takes it away again; after `commit` nothing. */
  discard(): void;
};

/** `mode` is the file's from its first byte on. Throws FILE_UNWRITABLE, also where the folder is missing or the place is one. */
export function replaceFile(place: string, mode = 0o666): Replacement {
  const attempt = <T>(f: () => T): T => {
    try {
      return f();
    } catch (error) {
      throw fileError("FILE_UNWRITABLE", place, error);
    }
  };
  const there = attempt(() => statSync(place, { throwIfNoEntry: false }));
  if (there !== undefined && !there.isFile()) {
    if (there.isDirectory()) throw fileError("FILE_UNWRITABLE", place, { code: "EISDIR" });
    return { path: place, commit() {}, discard() {} };
  }
  const target = there === undefined ? place : attempt(() => realpathSync(place)); // what a symbolic link leads to is replaced
  const path = `${target}.${randomBytes(4).toString("hex")}.tmp`;
  attempt(() => closeSync(openSync(path, "wx", mode)));
  return {
    path,
    commit: () =>
      attempt(() => {
        syncPath(path);
        renameSync(path, target);
        syncPath(dirname(target));
      }),
    discard: () => rmSync(path, { force: true }),
  };
}

/** Throws FILE_UNWRITABLE. */
export function writeFileAtomic(place: string, content: string | Uint8Array, mode?: number): void {
  const replacement = replaceFile(place, mode);
  try {
    writeFileSync(replacement.path, content);
    replacement.commit();
  } catch (error) {
    replacement.discard();
    throw isNoemaError(error) ? error : fileError("FILE_UNWRITABLE", place, error);
  }
}

/** Whole, where nothing is yet, whoever else writes there at the same time. Throws FILE_UNWRITABLE, with EEXIST where something is. */
export function createFile(place: string, content: string, mode?: number): void {
  const path = `${place}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(path, content, { flag: "wx", ...(mode !== undefined && { mode }) });
    syncPath(path);
    linkSync(path, place);
    syncPath(dirname(place));
  } catch (error) {
    throw fileError("FILE_UNWRITABLE", place, error);
  } finally {
    rmSync(path, { force: true });
  }
}

export function writeJson(place: string, value: unknown, mode?: number): void {
  writeFileAtomic(place, `${JSON.stringify(value, null, 2)}\n`, mode);
}
