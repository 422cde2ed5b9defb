/** What one validator keeps on disk, each with one writer: the main thread's stores and logs. The execution worker opens `state` itself. */
import { join } from "node:path";
import { TABLES } from "@noema/consensus/store/tables";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { KvStore } from "@noema/core/ports/kv-store";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { LogFolder } from "@noema/da-layer/blob/row-store";
import type { SidecarFiles } from "@noema/da-layer/sidecars/store";
import type { NodeConfig } from "../config.ts";
import type { Damage } from "../health/damage.ts";
import { type FileLogOptions, openFileLog } from "../store/file-log.ts";
import { declareLost } from "../store/log-mark.ts";
import { encodeOwner, type LogOwner } from "../store/log-owner.ts";
import { bytesFree } from "../store/no-room.ts";
import { openStore } from "../store/open-store.ts";
import type { Room } from "../store/room.ts";
import { roomyStore } from "../store/roomy-store.ts";
import { openRowFolder } from "../store/row-folder.ts";
import { openSidecarFiles } from "../store/sidecar-files.ts";
import { watchedStore } from "../store/watched-store.ts";

export type Storage = {
  /** Blocks and certificates. */
  chain: KvStore;
  /** The vote log. */
  votes: AppendLog;
  /** Batches of the payload lane. */
  batches: AppendLog;
  /** Transactions accepted from clients. */
  pool: AppendLog;
  /** `diskFree`: bytes that the disk under `rows` still has for this process. */
  blobs: { catalog: AppendLog; rows: LogFolder; sidecars: SidecarFiles; diskFree: () => Promise<number> };
  close(): Promise<void>;
};

/** Votes are dropped 256 views below the floor, whole segments at a time: small ones keep an idle validator's log under 1 MB. */
const VOTE_SEGMENT_BYTES = 64 << 10;
/** What the pool's journal holds at low load is mostly dead and goes with its segment. */
const POOL_SEGMENT_BYTES = 256 << 10;
/** A batch record holds a batch. */
const MAX_DATA_RECORD = 1 << 20;

/** Made with the data directory: one that is missing later is lost. */
const LOGS = {
  votes: { path: ["votes"], segmentBytes: VOTE_SEGMENT_BYTES },
  batches: { path: ["batches"], maxRecordBytes: MAX_DATA_RECORD },
  pool: { path: ["pool"], segmentBytes: POOL_SEGMENT_BYTES, maxRecordBytes: MAX_DATA_RECORD * 2 },
  catalog: { path: ["blobs", "catalog"], maxRecordBytes: MAX_DATA_RECORD },
};
type LogName = keyof typeof LOGS;
const LOG_NAMES = Object.keys(LOGS) as LogName[];

function openLog(
  datadir: string,
  owner: LogOwner,
  name: LogName,
  expected: boolean,
  more: Pick<FileLogOptions, "onSync" | "room"> = {},
): AppendLog {
  const { path, ...options } = LOGS[name];
  return openFileLog(join(datadir, ...path), owner, name, { ...options, ...more, expected });
}

/** For a tool that reads what the validator, which does not run now, wrote. */
export function openBatchLog(datadir: string, owner: LogOwner): AppendLog {
  return openLog(datadir, owner, "batches", true);
}

/** For a tool, as `openBatchLog`. */
export function openVotesOf(datadir: string, owner: LogOwner): AppendLog {
  return openLog(datadir, owner, "votes", true);
}

/** Of each log, whether it lost something, for a tool. */
export async function logLosses(datadir: string, owner: LogOwner): Promise<{ log: LogName; loss: string | undefined }[]> {
  const losses = [];
  for (const name of LOG_NAMES) {
    const log = openLog(datadir, owner, name, true);
    losses.push({ log: name, loss: log.loss });
    await log.close();
  }
  return losses;
}

/** What was signed into other logs than these is not known here: they are lost ones from the next opening on. Nobody has them open. */
export function loseDataLogs(datadir: string, owner: LogOwner): void {
  for (const name of ["batches", "catalog"] as const) declareLost(join(datadir, ...LOGS[name].path), encodeOwner(owner, name));
}

/** Begins all logs; `f` writes what must stand in them first. */
export async function createLogs(datadir: string, owner: LogOwner, f: (logs: Record<LogName, AppendLog>) => Promise<void>): Promise<void> {
  const logs = Object.fromEntries(LOG_NAMES.map((name) => [name, openLog(datadir, owner, name, false)])) as Record<LogName, AppendLog>;
  await f(logs);
  for (const log of Object.values(logs)) await log.close();
}

/** `follow`: nothing is signed from the logs, so none that is missing is lost. */
export type StorageConfig = Pick<NodeConfig, "datadir" | "store" | "follow"> & { checkedBytes?: number };

/** Throws what its stores and logs throw. A log that lost something says so here; what follows is its reader's to do. */
export async function openStorage(
  { datadir, store, follow, checkedBytes }: StorageConfig,
  owner: LogOwner,
  room: Room,
  damage: Pick<Damage, "suspect">,
  logger: Logger,
  metrics: Metrics,
): Promise<Storage> {
  const synced = metrics.counter("noema_store_log_syncs_total", "fdatasyncs of votes, batches, pool and catalog");
  const opened = LOG_NAMES.map((name) => [name, openLog(datadir, owner, name, !follow, { onSync: () => synced(), room })]);
  const logs = Object.fromEntries(opened) as Record<LogName, AppendLog>;
  for (const name of LOG_NAMES) tellLoss(logger, join(datadir, ...LOGS[name].path), logs[name], name === "pool");
  const stored = await openStore(store, datadir, "chain", Object.values(TABLES), { checkedBytes });
  const chain = watchedStore(roomyStore(stored, room), (error) => damage.suspect("chain", error));
  const { votes, batches, pool, catalog } = logs;
  const rows = openRowFolder(join(datadir, "blobs", "rows"), owner, { room });
  const sidecars = openSidecarFiles(join(datadir, "blobs", "sidecars"));
  return {
    chain,
    votes,
    batches,
    pool,
    blobs: { catalog, rows, sidecars, diskFree: async () => bytesFree(datadir) },
    async close() {
      await Promise.all([votes.close(), batches.close(), pool.close(), catalog.close()]);
      await chain.close();
    },
  };
}

/** @param harmless nothing is signed from its records, so nobody has anything to remember of the loss */
function tellLoss(logger: Logger, folder: string, log: AppendLog, harmless: boolean): void {
  if (log.loss === undefined) return;
  logger.log("warn", "a log has lost records", { folder, loss: log.loss });
  if (harmless) log.settle();
}
