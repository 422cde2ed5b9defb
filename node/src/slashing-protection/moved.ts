/** keys/moved-<public key>.json: the key signs elsewhere, from the export on until an import brings it back. */
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { syncPath } from "../files/sync.ts";
import { writeJson } from "../files/write-file.ts";
import { protectionError } from "./errors.ts";

const markOf = (datadir: string, publicKey: string) => join(datadir, "keys", `moved-${publicKey}.json`);

/** Durable when it returns. `exported` is what leaves. */
export function markMoved(datadir: string, publicKey: string, exported: unknown): void {
  writeJson(markOf(datadir, publicKey), exported, 0o600);
}

export function markBack(datadir: string, publicKey: string): void {
  const mark = markOf(datadir, publicKey);
  if (!existsSync(mark)) return;
  rmSync(mark);
  syncPath(dirname(mark));
}

/** Throws KEY_MOVED. */
export function refuseMoved(datadir: string, publicKey: string): void {
  const mark = markOf(datadir, publicKey);
  if (existsSync(mark)) throw protectionError("KEY_MOVED", `${publicKey} was exported from ${datadir} (${mark})`, { publicKey, mark });
}
