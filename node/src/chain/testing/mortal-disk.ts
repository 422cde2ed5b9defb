/** A disk of a payload log and a state store whose process can be killed at any of its writes: nothing of it goes on then. */
import type { AppendLog } from "@noema/core/ports/append-log";
import type { KvStore } from "@noema/core/ports/kv-store";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { createMemoryStore } from "@noema/core/testing/memory-store";

/** At a write: before it is durable, or before anybody hears that it is. */
export type Moment = "before" | "after";

export type MortalDisk = {
  readonly log: AppendLog;
  readonly kv: KvStore;
  /** Resolves when the process was killed. */
  readonly killed: Promise<void>;
  /** What the next process finds; it lives. */
  restarted(): MortalDisk;
};

/** Killed at its write number `at`, from 0. */
export function createMortalDisk(at = Number.POSITIVE_INFINITY, moment: Moment = "before"): MortalDisk {
  return open(createMemoryLog(), createMemoryStore(), at, moment);
}

function open(log: ReturnType<typeof createMemoryLog>, kv: ReturnType<typeof createMemoryStore>, at: number, moment: Moment): MortalDisk {
  const never = new Promise<never>(() => {});
  let kill = () => {};
  const killed = new Promise<void>((resolve) => {
    kill = resolve;
  });
  let left = at;
  async function mortal(write: () => Promise<void>): Promise<void> {
    if (left-- > 0) return write();
    if (left === -1 && moment === "after") await write();
    kill();
    return never;
  }
  return {
    log: Object.create(log, { sync: { value: () => mortal(() => log.sync()) } }),
    kv: Object.create(kv, { write: { value: (...write: Parameters<KvStore["write"]>) => mortal(() => kv.write(...write)) } }),
    killed,
    restarted() {
      kv.crash();
      return open(log.crash(), kv, Number.POSITIVE_INFINITY, moment);
    },
  };
}
