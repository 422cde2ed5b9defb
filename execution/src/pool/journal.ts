/**
 * Local transactions on disk. A record is u8 version (1) || u64be seenMs || the transaction as it was sent. What has left
 * the pool is not recorded: after a restart the newest state says it. When dead records outweigh the live ones, the live
 * ones are appended again and everything below is dropped; a crash in between leaves doubles, which replay ignores.
 * Where an operation may have lowered a nonce the newest state does not say it: then the live ones are appended again, and u8 2 || u64be
 * position behind them, below which nothing is replayed.
 */
import { concatBytes, readU64be, u64be } from "@noema/core/bytes";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Entry } from "./entry.ts";
import { poolError } from "./errors.ts";

const VERSION = 1;
const CUT = 2;
const HEAD_BYTES = 9;

export type PoolJournal = {
  append(entry: Entry): void;
  /** Resolves when everything appended is fsynced. Throws POOL_JOURNAL_FAILED. */
  sync(): Promise<void>;
  /** The entry left the pool. */
  forget(entry: Entry): void;
  /** Rewrites when it is worth it; at most one runs. */
  compact(live: Iterable<Entry>): Promise<void>;
  /** What has left the pool does not come back, whatever the state says. Durable when it resolves. Throws POOL_JOURNAL_FAILED. */
  cut(live: Iterable<Entry>): Promise<void>;
  /** Oldest first; unknown records are passed over. */
  replay(): Iterable<{ position: number; seenMs: number; wire: Bytes }>;
  /** Takes over a replayed record: alive as `entry`, or dead. */
  adopt(position: number, bytes: number, entry: Entry | undefined): void;
};

export function createPoolJournal(log: AppendLog, slackBytes: number): PoolJournal {
  let live = 0;
  let dead = 0;
  let last = -1;
  let compacting = false;
  function write(record: Bytes): void {
    try {
      last = log.append(record);
    } catch (error) {
      throw journalFailed(error);
    }
  }
  function append(entry: Entry): void {
    const record = concatBytes(Uint8Array.of(VERSION), u64be(entry.seenMs), entry.wire);
    write(record);
    entry.position = last;
    live += record.length;
  }
  /** Those that are alive, once more at the end. The position from which on nothing else is alive. */
  function rewrite(entries: Iterable<Entry>): number {
    const survivors = [...entries].filter((entry) => entry.position !== undefined);
    dead += live;
    live = 0;
    for (const entry of survivors) append(entry);
    return survivors[0]?.position ?? last + 1;
  }
  async function sync(): Promise<void> {
    try {
      await log.sync();
    } catch (error) {
      throw journalFailed(error);
    }
  }
  return {
    append,
    sync,
    forget(entry) {
      if (entry.position === undefined) return;
      entry.position = undefined;
      live -= entry.wire.length + HEAD_BYTES;
      dead += entry.wire.length + HEAD_BYTES;
    },
    async compact(entries) {
      if (compacting || dead <= live + slackBytes) return;
      compacting = true;
      try {
        const kept = rewrite(entries);
        dead = 0;
        await sync();
        log.dropBelow(kept);
      } finally {
        compacting = false;
      }
    },
    cut(entries) {
      const first = rewrite(entries);
      write(concatBytes(Uint8Array.of(CUT), u64be(first)));
      return sync();
    },
    *replay() {
      let from = 0;
      for (const [, record] of log.replay()) if (record[0] === CUT && record.length === HEAD_BYTES) from = readU64be(record, 1);
      for (const [position, record] of log.replay()) {
        last = position;
        if (position < from) continue;
        if (record[0] !== VERSION || record.length <= HEAD_BYTES) continue;
        yield { position, seenMs: readU64be(record, 1), wire: record.slice(HEAD_BYTES) };
      }
    },
    adopt(position, bytes, entry) {
      if (entry === undefined) dead += bytes + HEAD_BYTES;
      else {
        entry.position = position;
        live += bytes + HEAD_BYTES;
      }
    },
  };
}

function journalFailed(cause: unknown): Error {
  return poolError("POOL_JOURNAL_FAILED", "the pool's journal could not be written", {}, cause);
}
