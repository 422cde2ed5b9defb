/** LogFolder over a directory: one sub-directory a log, opened by the append log that node chooses. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { LogFolder } from "./row-store.ts";

/** `openLog` gets the path of a directory that exists. */
export function createLogFolder(directory: string, openLog: (path: string) => Promise<AppendLog>): LogFolder {
  const open = new Map<string, AppendLog>();
  return {
    async open(name) {
      const path = join(directory, name);
      await mkdir(path, { recursive: true });
      const log = await openLog(path);
      open.set(name, log);
      return log;
    },
    async list() {
      await mkdir(directory, { recursive: true });
      return readdir(directory);
    },
    async drop(name) {
      await open.get(name)?.close();
      open.delete(name);
      await rm(join(directory, name), { recursive: true, force: true });
    },
  };
}
