/**
 * Local transactions on disk. A record is u8 version (1) || u64be seenMs || the transaction as it was sent. What has left
 * the pool is not recorded: after a restart the newest state says it. When dead records outweigh the live ones, the live
 * ones are appended again and everything below is dropped; a crash in between leaves doubles, which replay ignores.
 */
import { concatBytes, readU64be, u64be } from "@noema/core/bytes";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Entry } from "./entry.ts";
import { poolError } from "./errors.ts";

const VERSION = 1;
const HEAD_BYTES = 9;

export type PoolJournal = {
  append(entry: Entry): void;
  /** Resolves when everything appended is fsynced. Throws POOL_JOURNAL_FAILED. */
  sync(): Promise<void>;
  /** The entry left the pool. */
  forget(entry: Entry): void;
  /** Rewrites when it is worth it; at most one runs. */
  compact(live: Iterable<Entry>): Promise<void>;
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
  function write(entry: Entry): void {
    const record = concatBytes(Uint8Array.of(VERSION), u64be(entry.seenMs), entry.wire);
    try {
      last = log.append(record);
    } catch (error) {
      throw journalFailed(error);
    }
    entry.position = last;
    live += record.length;
  }
  async function sync(): Promise<void> {
    try {
      await log.sync();
    } catch (error) {
      throw journalFailed(error);
    }
  }
  return {
    append: write,
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
        const survivors = [...entries].filter((entry) => entry.position !== undefined);
        dead = 0;
        live = 0;
        for (const entry of survivors) write(entry);
        const kept = survivors[0]?.position ?? last + 1;
        await sync();
        log.dropBelow(kept);
      } finally {
        compacting = false;
      }
    },
    *replay() {
      for (const [position, record] of log.replay()) {
        last = position;
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
