/** AppendLog in memory whose sync can be held or made to fail, and which can crash: what was not synced is lost. */
import type { AppendLog } from "../ports/append-log.ts";
import type { Bytes } from "../ports/bytes.ts";

export type MemoryLog = AppendLog & {
  /** Calls of sync stay pending until `releaseSync`. */
  holdSync(): void;
  releaseSync(): void;
  /** The next calls of sync are rejected with this error (held ones too), until it is undefined. */
  failSync(error: Error | undefined): void;
  /** What a restart after kill -9 finds: synced records, plus the first `torn` of the others (default none: the worst allowed). */
  crash(torn?: number): MemoryLog;
  /** Records that are not synced yet. */
  unsynced(): number;
  /** What a restart finds on a damaged disk: a log without the synced records for which `lost` is true, which says so. */
  lose(lost: (record: Bytes, index: number) => boolean): MemoryLog;
};

type State = { base: number; records: (Bytes | undefined)[]; synced: number; loss: string | undefined };

export function createMemoryLog(): MemoryLog {
  return logOf({ base: 0, records: [], synced: 0, loss: undefined });
}

/** Positions are counted from `base`, the number of records dropped before the first one kept. */
function logOf(state: State): MemoryLog {
  let held: (() => void)[] | undefined;
  let failure: Error | undefined;
  let closed = false;
  let alive = true; // after a crash, pending calls of sync stay pending for ever

  function end(): number {
    return state.base + state.records.length;
  }
  async function sync(): Promise<void> {
    const upTo = end();
    if (held !== undefined) await new Promise<void>((resolve) => held?.push(resolve));
    if (!alive) await new Promise(() => {});
    if (failure !== undefined) throw failure;
    state.synced = Math.max(state.synced, upTo);
  }
  function drop(position: number): void {
    const count = Math.max(0, Math.min(position, end()) - state.base);
    state.records.splice(0, count);
    state.base += count;
    state.synced = Math.max(state.synced, state.base);
  }
  return {
    get loss() {
      return state.loss;
    },
    settle(from = 0) {
      drop(from);
      state.loss = undefined;
    },
    append(record) {
      if (closed) throw new Error("the log is closed");
      state.records.push(Uint8Array.from(record));
      return end() - 1;
    },
    sync,
    read(position) {
      const record = state.records[position - state.base];
      return record && Uint8Array.from(record);
    },
    *replay() {
      for (let at = state.base; at < end(); at++) {
        const record = state.records[at - state.base];
        if (record !== undefined) yield [at, Uint8Array.from(record)];
      }
    },
    dropBelow: drop,
    async close() {
      if (!closed) await sync();
      closed = true;
    },
    holdSync() {
      held ??= [];
    },
    releaseSync() {
      const waiting = held ?? [];
      held = undefined;
      for (const resume of waiting) resume();
    },
    failSync(error) {
      failure = error;
    },
    crash(torn = 0) {
      closed = true;
      alive = false;
      const kept = Math.min(state.synced + torn, end());
      return logOf({ ...state, records: state.records.slice(0, kept - state.base), synced: kept });
    },
    lose(lost) {
      closed = true;
      alive = false;
      const records = state.records.slice(0, state.synced - state.base).map((r, i) => (r === undefined || lost(r, i) ? undefined : r));
      return logOf({ ...state, records, loss: "records were taken away" });
    },
    unsynced() {
      return end() - state.synced;
    },
  };
}
