/** What one validator keeps on disk, each with one writer: the main thread's stores and logs. The execution worker opens `state` itself. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { KvStore } from "@noema/core/ports/kv-store";
import type { LogFolder } from "@noema/da-layer/blob/row-store";
import { makeFolder } from "../files/make-folder.ts";
import { openFileLog } from "../store/file-log.ts";
import { openStore, type StoreEngine } from "../store/open-store.ts";

export type Storage = {
  /** Blocks and certificates. */
  chain: KvStore;
  /** The vote log. */
  votes: AppendLog;
  /** Batches of the payload lane. */
  batches: AppendLog;
  /** Transactions accepted from clients. */
  pool: AppendLog;
  blobs: { catalog: AppendLog; rows: LogFolder };
  close(): Promise<void>;
};

/** Where the vote log lies: `init` writes its first record, and only a missing one counts as lost. */
export function voteLogFolder(datadir: string): string {
  return join(datadir, "votes");
}

/** Votes are dropped 256 views below the floor, whole segments at a time: small ones keep an idle validator's log under 1 MB. */
const VOTE_SEGMENT_BYTES = 256 << 10;
/** A row record holds one row (128 KiB) and its proof; a batch record a batch. */
const MAX_DATA_RECORD = 1 << 20;

export async function openStorage(datadir: string, engine: StoreEngine): Promise<Storage> {
  const chain = await openStore(engine, datadir, "chain");
  const votes = openFileLog(voteLogFolder(datadir), { segmentBytes: VOTE_SEGMENT_BYTES });
  const batches = openFileLog(join(datadir, "batches"), { maxRecordBytes: MAX_DATA_RECORD });
  const pool = openFileLog(join(datadir, "pool"), { maxRecordBytes: MAX_DATA_RECORD * 2 });
  const catalog = openFileLog(join(datadir, "blobs", "catalog"), { maxRecordBytes: MAX_DATA_RECORD });
  const rows = openLogFolder(join(datadir, "blobs", "rows"));
  return {
    chain,
    votes,
    batches,
    pool,
    blobs: { catalog, rows },
    async close() {
      await Promise.all([votes.close(), batches.close(), pool.close(), catalog.close()]);
      await chain.close();
    },
  };
}

function openLogFolder(folder: string): LogFolder {
  makeFolder(folder);
  const open = new Map<string, AppendLog>();
  return {
    async open(name) {
      const log = openFileLog(join(folder, name), { maxRecordBytes: MAX_DATA_RECORD });
      open.set(name, log);
      return log;
    },
    list: async () => readdirSync(folder),
    async drop(name) {
      await open.get(name)?.close();
      open.delete(name);
      rmSync(join(folder, name), { recursive: true, force: true });
    },
  };
}
