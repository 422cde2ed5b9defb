/**
 * One process for each data directory, by a name that only a living process can keep in <datadir>/lock (living-socket.ts). A starter
 * first puts its own name there and then looks at all the others:
 *
 *   dead                                                            it is removed; nobody uses that name again
 *   living, and before the own in order                             the starter refuses
 *   living, after the own, and it tells that it holds, or is silent  the starter refuses
 *   living, after the own, and it goes                              the starter looks at all of them again
 *
 * Before it refuses it waits a moment for the other to go, as one does that was just killed. It holds once it has looked at all and none
 * lived. Of two that held at once, one put its name there later; its last look was later still, and it would have found the other,
 * whose name stands there until that process ends or lets go. Of several that start together the first in order is refused by none of
 * the others, so one of them gets in.
 */
import { unlinkSync } from "node:fs";
import { join } from "node:path";
import type { NoemaError } from "@noema/core/errors";
import { makeFolder } from "../files/make-folder.ts";
import { storeError } from "./errors.ts";
import { createName, namesIn, processOf, reach, remove, removeDead } from "./living-socket.ts";

export type DatadirLock = { release(): void };

/** Another starter steps back within milliseconds, and a holder answers as soon as its event loop turns: who is silent for so long counts as one. */
const PATIENCE_MS = 5_000;
/** A process that was killed lives until the last of its threads is gone: whoever starts it again at once waits for that. */
const DYING_MS = 1_000;

/** Throws DATADIR_LOCKED, DATADIR_UNLOCKABLE, FILE_UNWRITABLE. */
export async function lockDatadir(datadir: string, patienceMs = PATIENCE_MS): Promise<DatadirLock> {
  const folder = join(datadir, "lock");
  makeFolder(datadir);
  removeEarlierLock(folder);
  makeFolder(folder);
  const own = await createName(folder);
  try {
    while (await othersStart(datadir, folder, own.name, patienceMs));
    own.tell("held");
    await removeDead(folder);
  } catch (error) {
    own.end();
    throw error;
  }
  return { release: own.end };
}

/** False: no other lives. True: some have gone, look again. Throws DATADIR_LOCKED. */
async function othersStart(datadir: string, folder: string, own: string, patienceMs: number): Promise<boolean> {
  let went = false;
  for (const name of namesIn(folder)) {
    if (name === own) continue;
    const other = await reach(folder, name);
    if (other === undefined) {
      remove(join(folder, name));
      continue;
    }
    const outcome = name < own ? "before" : await other.outcome(patienceMs);
    const isGone = outcome === "gone" || (await other.gone(Math.min(patienceMs, DYING_MS)));
    other.leave();
    if (!isGone) throw locked(datadir, processOf(name));
    went = true;
  }
  return went;
}

/** `pid` is absent where the owner lives in another PID namespace: another container. */
export type LockOwner = { pid?: number };

/** Who holds the directory now, or is about to. */
export async function lockOwner(datadir: string): Promise<LockOwner | undefined> {
  const folder = join(datadir, "lock");
  for (const name of namesIn(folder)) {
    const living = await reach(folder, name);
    living?.leave();
    if (living !== undefined) return { pid: processOf(name) };
  }
  return undefined;
}

/** Waits until nobody holds it; false when that takes longer. */
export async function lockReleased(datadir: string, patienceMs: number): Promise<boolean> {
  const folder = join(datadir, "lock");
  const end = performance.now() + patienceMs;
  for (const name of namesIn(folder)) {
    for (;;) {
      const living = await reach(folder, name);
      if (living === undefined) break;
      const left = end - performance.now();
      await living.gone(Math.min(Math.max(0, left), ASK_AGAIN_MS));
      living.leave();
      if (left <= 0) return false;
    }
  }
  return true;
}

/** Whoever lets go is heard at once; asked again all the same, for a stopped owner's queue holds hundreds. */
const ASK_AGAIN_MS = 1_000;

/** Earlier versions wrote a file with a process id there. */
function removeEarlierLock(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // there is none, or the folder stands there already
  }
}

function locked(datadir: string, pid: number | undefined): NoemaError {
  const owner = pid === undefined ? "a process of another container or PID namespace" : `process ${pid}`;
  return storeError("DATADIR_LOCKED", `${datadir} is used by ${owner}`, { datadir, pid });
}
