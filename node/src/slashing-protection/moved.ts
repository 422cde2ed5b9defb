/**
 * Keys that must not sign here: keys/moved-<public key>.json, from an export on until an import brings the key back; keys/imported-<public
 * key>.json, until somebody says what the key has signed elsewhere.
 */
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { syncPath } from "../files/sync.ts";
import { writeJson } from "../files/write-file.ts";
import { protectionError } from "./errors.ts";

const markOf = (datadir: string, what: "moved" | "imported", publicKey: string) => join(datadir, "keys", `${what}-${publicKey}.json`);

/** Durable when it returns. `exported` is what leaves. */
export function markMoved(datadir: string, publicKey: string, exported: unknown): void {
  writeJson(markOf(datadir, "moved", publicKey), exported, 0o600);
}

/** Durable when it returns: before the key is there. */
export function markImported(datadir: string, publicKey: string): void {
  const mark = markOf(datadir, "imported", publicKey);
  makeFolder(dirname(mark), 0o700);
  writeJson(mark, {}, 0o600);
}

/** What it has signed is known, and barred. */
export function markKnown(datadir: string, publicKey: string): void {
  for (const what of ["moved", "imported"] as const) {
    const mark = markOf(datadir, what, publicKey);
    if (!existsSync(mark)) continue;
    rmSync(mark);
    syncPath(dirname(mark));
  }
}

/** Throws KEY_MOVED, KEY_UNPROTECTED. */
export function refuseMoved(datadir: string, publicKey: string): void {
  const [moved, imported] = [markOf(datadir, "moved", publicKey), markOf(datadir, "imported", publicKey)];
  if (existsSync(moved)) throw protectionError("KEY_MOVED", `${publicKey} was exported from ${datadir} (${moved})`, { publicKey });
  if (existsSync(imported))
    throw protectionError("KEY_UNPROTECTED", `${publicKey} was imported, and nothing says what it has signed (${imported})`, { publicKey });
}
