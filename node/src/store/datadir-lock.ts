/**
 * One process for each data directory. <datadir>/lock holds the owner's pid and the start time of that process, so that a pid used
 * again by another program is not taken for the owner. Taking over a dead owner's lock goes through a rename, which only one of two
 * contenders can do. A lock without an owner is being written (refused) or was cut off by a crash (taken over when it is old).
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { NoemaError } from "@noema/core/errors";
import { fileError } from "../files/file-error.ts";
import { makeFolder } from "../files/make-folder.ts";

export type DatadirLock = { release(): void };

/** Throws DATADIR_LOCKED, FILE_UNWRITABLE. */
export function lockDatadir(datadir: string): DatadirLock {
  makeFolder(datadir);
  const path = join(datadir, "lock");
  if (!tryCreate(path)) {
    const owner = readOwner(path);
    if (owner === undefined ? isFresh(path) : isAlive(owner)) throw locked(datadir, owner?.pid);
    discard(path, datadir, owner);
    if (!tryCreate(path)) throw locked(datadir, undefined);
  }
  let held = true;
  return {
    release() {
      if (held && readOwner(path)?.pid === process.pid) unlinkSync(path); // the folder may have been removed, and made again by another
      held = false;
    },
  };
}

/** The process that holds the directory's lock now, if it lives. */
export function lockOwner(datadir: string): number | undefined {
  const owner = readOwner(join(datadir, "lock"));
  return owner !== undefined && isAlive(owner) ? owner.pid : undefined;
}

type Owner = { pid: number; started: string };

function tryCreate(path: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw fileError("FILE_UNWRITABLE", path, error);
  }
  writeSync(fd, JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? "" } satisfies Owner));
  fsyncSync(fd);
  closeSync(fd);
  return true;
}

const WRITING_MS = 10_000; // far longer than writing a lock takes

function isFresh(path: string): boolean {
  return Date.now() - statSync(path).mtimeMs < WRITING_MS;
}

function readOwner(path: string): Owner | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(path, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 && typeof started === "string" ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

/** Moves the dead owner's lock away; puts it back when it turns out to be another's. */
function discard(path: string, datadir: string, dead: Owner | undefined): void {
  const away = `${path}.${process.pid}`;
  try {
    renameSync(path, away);
  } catch {
    throw locked(datadir, undefined); // another contender was faster
  }
  const moved = readOwner(away);
  if (moved?.pid !== dead?.pid || moved?.started !== dead?.started) {
    renameSync(away, path);
    throw locked(datadir, moved?.pid);
  }
  unlinkSync(away);
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  if (statOf(owner.pid)?.[0] === "Z") return false; // killed, and its parent has not asked for its exit code: some containers' first process never does
  const started = startOf(owner.pid);
  return started === undefined || owner.started === "" || started === owner.started;
}

/** Boot id and start time in clock ticks, on Linux; undefined elsewhere. */
function startOf(pid: number): string | undefined {
  const started = statOf(pid)?.[19];
  if (started === undefined) return undefined;
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${started}`;
  } catch {
    return undefined;
  }
}

/** The fields of proc(5)'s stat from the third, the state, on Linux; undefined elsewhere. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may hold spaces
  } catch {
    return undefined;
  }
}

function locked(datadir: string, pid: number | undefined): NoemaError {
  return new NoemaError("DATADIR_LOCKED", `${datadir} is used by ${pid === undefined ? "another process" : `process ${pid}`}`, {
    datadir,
    pid,
  });
}
