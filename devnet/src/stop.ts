/** Ends the validators of a devnet, also one that was restarted by its own command meanwhile. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ValidatorProcess } from "./process.ts";

/** A validator flushes and closes its stores on SIGTERM; one that takes longer than this is killed, which loses nothing. */
const PATIENCE_MS = 10_000;

export async function stopProcesses(validators: readonly ValidatorProcess[], folders: readonly string[]): Promise<void> {
  await Promise.all([...validators.map((x) => stopChild(x)), ...folders.map((folder, i) => stopRestarted(folder, validators[i]?.pid))]);
}

async function stopChild(validator: ValidatorProcess): Promise<void> {
  const { child } = validator;
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await validator.exited;
  clearTimeout(timer);
}

async function stopRestarted(folder: string, originalPid: number | undefined): Promise<void> {
  const pid = lockHolder(folder);
  if (pid === undefined || pid === originalPid) return;
  signal(pid, "SIGTERM");
  for (let waited = 0; waited < PATIENCE_MS && signal(pid, 0); waited += 50) await new Promise((done) => setTimeout(done, 50));
}

/** The process that holds the data directory's lock, if it lives. */
export function lockHolder(folder: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(folder, "lock"), "utf8"));
    return pid > 0 && signal(pid, 0) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
