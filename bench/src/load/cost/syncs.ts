/**
 * How often a target made something durable: fsync, fdatasync and msync of all its processes, counted by a library that is loaded
 * before theirs. It is compiled here, so it takes Linux and a C compiler; without them nothing is counted, and the result says so.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type SyncCounter = {
  /** For the processes that are to be counted. */
  env: NodeJS.ProcessEnv;
  total(): number;
  remove(): void;
};

const SOURCE = fileURLToPath(new URL("../../../native/count-syncs.c", import.meta.url));

/** Undefined where it cannot be compiled. `delayMs` is added to each. */
export function createSyncCounter(delayMs: number): SyncCounter | undefined {
  if (process.platform !== "linux") return undefined;
  const folder = mkdtempSync(join(tmpdir(), "noema-bench-syncs-"));
  const library = join(folder, "count-syncs.so");
  const counts = join(folder, "counts");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync("cc", ["-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], { stdio: "ignore" });
  } catch {
    remove();
    return undefined;
  }
  mkdirSync(counts);
  return {
    env: { LD_PRELOAD: library, NOEMA_SYNCS: counts, NOEMA_SYNC_DELAY_US: String(Math.round(delayMs * 1000)) },
    total: () => readdirSync(counts).reduce((sum, name) => sum + countIn(join(counts, name)), 0),
    remove,
  };
}

function countIn(path: string): number {
  const bytes = readFileSync(path);
  return bytes.length < 8 ? 0 : Number(bytes.readBigUInt64LE());
}
