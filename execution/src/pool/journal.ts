/**
 * Local transactions on disk. What has left the pool is not recorded: after a restart the newest state says it. When dead transactions
 * outweigh the live ones, the live ones are written again and everything below is dropped; a crash in between leaves doubles, which
 * replay ignores. Where an operation may have lowered a nonce the newest state does not say it: then the live ones are written again, and
 * a cut behind them, below which nothing is replayed. The records: journal-records.ts.
 */
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Entry } from "./entry.ts";
import { poolError } from "./errors.ts";
import { encodeCut, encodeTransactions, readCut, readTransactions, type Written } from "./journal-records.ts";

/** Of a transaction beside its bytes, about. */
const HEAD_BYTES = 12;
/** Of a record that may be followed by another. */
const RECORD_BYTES = 1 << 20;

export type PoolJournal = {
  /** Resolves when they, and all before, are fsynced. They are appended before this returns. Throws POOL_JOURNAL_FAILED. */
  write(entries: Iterable<Entry>): Promise<void>;
  /** Resolves when everything written is fsynced. Throws POOL_JOURNAL_FAILED. */
  sync(): Promise<void>;
  /** The entry left the pool. */
  forget(entry: Entry): void;
  /** Rewrites when it is worth it; at most one runs. */
  compact(live: Iterable<Entry>): Promise<void>;
  /** What has left the pool does not come back, whatever the state says. Durable when it resolves. Throws POOL_JOURNAL_FAILED. */
  cut(live: Iterable<Entry>): Promise<void>;
  /** Oldest first; unknown records are passed over. */
  replay(): Iterable<Written & { position: number }>;
  /** Takes over a replayed transaction: alive as `entry`, or dead. */
  adopt(position: number, raw: Bytes, entry: Entry | undefined): void;
};

export function createPoolJournal(log: AppendLog, slackBytes: number): PoolJournal {
  let live = 0;
  let dead = 0;
  let last = -1;
  let compacting = false;
  function append(record: Bytes): void {
    try {
      last = log.append(record);
    } catch (error) {
      throw journalFailed(error);
    }
  }
  function appendAll(entries: Iterable<Entry>): void {
    for (const together of parted(entries)) {
      append(encodeTransactions(together.map(({ tx, seenMs }) => ({ raw: tx.raw, seenMs }))));
      for (const entry of together) {
        entry.position = last;
        live += bytesOf(entry.tx.raw);
      }
    }
  }
  /** Those that are alive, once more at the end. The position from which on nothing else is alive. */
  function rewrite(entries: Iterable<Entry>): number {
    const survivors = [...entries].filter((entry) => entry.position !== undefined);
    dead += live;
    live = 0;
    appendAll(survivors);
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
    async write(entries) {
      appendAll(entries);
      await sync();
    },
    sync,
    forget(entry) {
      if (entry.position === undefined) return;
      entry.position = undefined;
      live -= bytesOf(entry.tx.raw);
      dead += bytesOf(entry.tx.raw);
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
    async cut(entries) {
      const first = rewrite(entries);
      append(encodeCut(first));
      await sync();
    },
    *replay() {
      let from = 0;
      for (const [, record] of log.replay()) from = readCut(record) ?? from;
      for (const [position, record] of log.replay()) {
        last = position;
        if (position >= from) for (const written of readTransactions(record)) yield { position, ...written };
      }
    },
    adopt(position, raw, entry) {
      if (entry === undefined) dead += bytesOf(raw);
      else {
        entry.position = position;
        live += bytesOf(raw);
      }
    },
  };
}

/** In records of bounded size. */
function* parted(entries: Iterable<Entry>): Generator<Entry[]> {
  let part: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    part.push(entry);
    bytes += bytesOf(entry.tx.raw);
    if (bytes < RECORD_BYTES) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}

function bytesOf(raw: Bytes): number {
  return HEAD_BYTES + raw.length;
}

function journalFailed(cause: unknown): Error {
  return poolError("POOL_JOURNAL_FAILED", "the pool's journal could not be written", {}, cause);
}
