/** Ends the validators of a devnet, also one that was restarted by its own command meanwhile. */
import { lockOwner, lockReleased } from "@noema/node/store/datadir-lock";
import { storeError } from "@noema/node/store/errors";
import type { ValidatorProcess } from "./process.ts";

/**
 * A validator flushes and closes its stores on SIGTERM; one that takes longer than this is killed, which loses nothing. On a machine
 * that does much else it takes many seconds: this is for one that hangs.
 */
const PATIENCE_MS = 60_000;

export async function stopProcesses(validators: readonly ValidatorProcess[], folders: readonly string[]): Promise<void> {
  await Promise.all([...validators.map((x) => stopChild(x)), ...folders.map((folder, i) => stopRestarted(folder, validators[i]?.pid))]);
}

async function stopChild(validator: ValidatorProcess): Promise<void> {
  const { child } = validator;
  if (child.exitCode !== null || child.signalCode !== null) return;
  end(validator.pid);
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await validator.exited;
  clearTimeout(timer);
}

async function stopRestarted(folder: string, originalPid: number | undefined): Promise<void> {
  const pid = (await lockOwner(folder))?.pid;
  if (pid === undefined || pid === originalPid) return;
  end(pid);
  if (!(await lockReleased(folder, PATIENCE_MS))) signal(pid, "SIGKILL");
}

/**
 * Waits for the validators that a killed devnet left: they notice that their parent is gone and end by themselves.
 * Throws DATADIR_LOCKED naming one that does not.
 */
export async function leftoversGone(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (await lockReleased(folder, PATIENCE_MS)) continue;
    const pid = (await lockOwner(folder))?.pid;
    const owner = pid === undefined ? "another process" : `process ${pid}`;
    throw storeError("DATADIR_LOCKED", `${folder} is used by ${owner}: end that validator first`, { datadir: folder, pid });
  }
}

function end(pid: number): void {
  signal(pid, "SIGTERM");
  signal(pid, "SIGCONT"); // one that was stopped could not hear it
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone meanwhile
  }
}
