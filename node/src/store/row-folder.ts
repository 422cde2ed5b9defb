/** Where a node keeps its rows: a row log for each bucket of expiry, and a log for each dispersal under way. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LogFolder } from "@noema/da-layer/blob/row-store";
import { makeFolder } from "../files/make-folder.ts";
import { openFileLog } from "./file-log.ts";
import { createFilePool } from "./file-pool.ts";
import type { LogOwner } from "./log-owner.ts";
import type { Room } from "./room.ts";
import { openRowLog, type RowLogOptions } from "./row-log.ts";

/** Of all buckets together: a node that is asked for many objects reads about one row of a segment. */
const OPEN_FILES = 64;
/** A row record holds one row (128 KiB) and its proof. */
const MAX_ROW_RECORD = 1 << 20;

export function openRowFolder(folder: string, owner: LogOwner, { room, ...options }: RowLogOptions & { room?: Room } = {}): LogFolder {
  makeFolder(folder);
  const files = createFilePool(OPEN_FILES);
  const open = new Map<string, { close(): Promise<void> }>();
  return {
    async openRows(name, above) {
      const log = await openRowLog(join(folder, name), owner, name, above, files, options);
      open.set(name, log);
      return log;
    },
    async open(name) {
      const log = openFileLog(join(folder, name), owner, name, { maxRecordBytes: MAX_ROW_RECORD, room });
      if (log.loss !== undefined) log.settle(); // nothing is signed from it; its reader counts the records
      open.set(name, log);
      return log;
    },
    list: () => readdir(folder),
    async drop(name) {
      await open.get(name)?.close();
      open.delete(name);
      await rm(join(folder, name), { recursive: true, force: true });
    },
  };
}
