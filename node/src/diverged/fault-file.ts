/**
 * What is known of a fault that outlives the process: <datadir>/diverged/<height>.json, or forked.json. While one is there, the
 * node neither votes nor answers; `noema reexecute` renames those that it has healed, and the newest of these stay as evidence.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { syncPath } from "../files/sync.ts";
import { writeJson } from "../files/write-file.ts";
import { type Closed, isClosing } from "./gate.ts";

/** Each has at most some megabytes (report.ts). */
const HEALED_KEPT = 8;
const STANDING = /^(\d+|forked)\.json$/;
const HEALED = /^\d+\.healed-\d+\.json$/;

export type FaultFile = { path: string; closed: Closed };

const folderOf = (datadir: string) => join(datadir, "diverged");

/** `height`: none of a fork. */
export function faultPath(datadir: string, height: number | undefined): string {
  return join(folderOf(datadir), `${height ?? "forked"}.json`);
}

/** Durable when it returns. Throws FILE_UNWRITABLE. */
export function writeFault(path: string, content: Record<string, unknown>): void {
  const folder = dirname(path);
  makeFolder(folder);
  syncPath(dirname(folder));
  writeJson(path, content);
}

/** Those that stand, by name. A file that cannot be read stands as well: that it is there is what counts. */
export function standingFaults(datadir: string): FaultFile[] {
  return names(datadir, STANDING).map((name) => {
    const path = join(folderOf(datadir), name);
    return {
      path,
      closed: readFault(path) ?? { code: name === "forked.json" ? "CONSENSUS_FORKED" : "EXEC_DIVERGED", message: `see ${path}` },
    };
  });
}

/** What `reexecute` has healed: those of execution. `now` keeps the names of two healings of one height apart. */
export function healFaults(datadir: string, now: number): void {
  const folder = folderOf(datadir);
  if (!existsSync(folder)) return;
  for (const name of names(datadir, STANDING))
    if (name !== "forked.json") renameSync(join(folder, name), join(folder, name.replace(".json", `.healed-${now}.json`)));
  const byAge = (name: string) => Number(/healed-(\d+)/.exec(name)?.[1]);
  const healed = names(datadir, HEALED).sort((a, b) => byAge(b) - byAge(a));
  for (const name of healed.slice(HEALED_KEPT)) rmSync(join(folder, name));
  syncPath(folder);
}

function names(datadir: string, pattern: RegExp): string[] {
  const folder = folderOf(datadir);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => pattern.test(name))
        .sort()
    : [];
}

function readFault(path: string): Closed | undefined {
  try {
    const { code, message } = JSON.parse(readFileSync(path, "utf8"));
    return typeof code === "string" && isClosing(code) && typeof message === "string" ? { code, message } : undefined;
  } catch {
    return undefined;
  }
}
