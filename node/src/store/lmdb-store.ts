/**
 * KvStore on LMDB, one file (and its -lock file), a tree for each table: rows that come in the order of their keys fill its pages, which
 * in a tree that all share would be half empty, and no key carries the name of its table.
 *
 * Durability. The environment runs with overlappingSync, lmdb-js's default: a commit is visible before the disk has it, and a durable
 * write awaits `flushed`, which resolves after the fsync. (The promise of lmdb-js 3.5.6 resolves no earlier, whatever its options.)
 * kill -9 loses no commit (the page cache has it); a power cut goes back to the newest flushed commit, whole.
 *
 * Snapshots. lmdb-js renews its read transaction once an event-loop turn, so a synchronous loop would see one commit for ever:
 * every snapshot resets it first and then holds a transaction of its own. Pages of old commits are not reused while a snapshot
 * is open: close it soon.
 */
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { KvOp, KvReader, KvReaderPlace, KvSnapshot, KvStore } from "@noema/core/ports/kv-store";
import { type Database, open, type RootDatabase } from "lmdb";
import { storeError } from "./errors.ts";
import { guardLmdbFile } from "./lmdb-guard.ts";
import { lacksRoom } from "./no-room.ts";
import { plainRows, type RowForm, SUMMED, summedRows } from "./row-sum.ts";
import { checkedKey, tableError } from "./table-key.ts";

/** The library's types leave out what its `put` takes. */
type LmdbTable = Omit<Database<Buffer, Buffer>, "put"> & {
  put(key: Buffer, value: Buffer, options: { append: boolean }): Promise<boolean>;
};
/** `greatest`: of the keys that it has or had, where one thread writes. */
type Tree = { db: LmdbTable; greatest: Buffer };
/** `of` throws STORE_KEY_INVALID where the store has no such table. */
type Opened = { root: RootDatabase<Buffer, Buffer>; rows: RowForm; of(table: string): Tree };

const ENCODING = { encoding: "binary", keyEncoding: "binary" } as const;
/** Batches of an event-loop turn end in a promise of lmdb-js that nobody can reach: where a commit fails, its rejection would end the process. */
const OPTIONS = { ...ENCODING, noSubdir: true, eventTurnBatching: false } as const;
/** It comes at once, if at all. */
const REASON_MS = 1000;
/** Below every key. */
const LEAST = Buffer.of(0);
/** Above the first byte of every row of a file whose tables shared one tree: the length of a table's name. */
const NAMES = Buffer.of(65);

/** `path` is the file; its directory must exist. `checkedBytes`: up to this size all of it is read first. Throws STORE_FAILED, STORE_CORRUPT, STORE_OLD_LAYOUT; each read, STORE_CORRUPT. */
export function openLmdbStore(path: string, tables: readonly string[], checkedBytes?: number): KvStore {
  const db = opened(path, () => {
    guardLmdbFile(path, checkedBytes);
    const root = open<Buffer, Buffer>({ ...OPTIONS, path, noMemInit: true, maxDbs: tables.length + 1 });
    refuseOldLayout(root, path);
    if (isEmpty(root)) root.openDB(SUMMED, ENCODING);
    return withTables(root, tables, path); // made now: a thread that reads could not open one that is made under it
  });
  return {
    snapshot: () => openSnapshot(db),
    reader: () => ({ path, tables }),
    async write(ops, durable) {
      const encoded = ops.map((op) => encode(db, op));
      const commit = () => db.root.batch(() => apply(encoded));
      try {
        if (encoded.length > 0) await commit().catch((error) => againIfCut(path, error, commit));
        if (durable) await db.root.flushed;
      } catch (error) {
        throw failed(path, error);
      }
    },
    async close() {
      await db.root.flushed;
      await db.root.close();
    },
  };
}

/** In another thread of the process that has the store open: both use one environment and one map. Throws STORE_FAILED. */
export function openLmdbReader({ path, tables }: KvReaderPlace): KvReader {
  const db = opened(path, () => withTables(open<Buffer, Buffer>({ ...OPTIONS, path, readOnly: true }), tables, path));
  return { snapshot: () => openSnapshot(db), close: () => db.root.close() };
}

function opened(path: string, open: () => Opened): Opened {
  try {
    return open();
  } catch (error) {
    throw failed(path, error);
  }
}

function isEmpty(root: RootDatabase<Buffer, Buffer>): boolean {
  for (const _ of root.getKeys({ limit: 1 })) return false;
  return true;
}

function withTables(root: RootDatabase<Buffer, Buffer>, tables: readonly string[], path: string): Opened {
  const trees = new Map(tables.map((name): [string, Tree] => [name, openTree(root, name)]));
  const summed = [...root.getKeys()].some((name) => Buffer.from(name).toString("latin1").replace(/\0$/, "") === SUMMED);
  return {
    root,
    rows: summed ? summedRows(path) : plainRows,
    of(table) {
      const tree = trees.get(table);
      if (tree === undefined) throw tableError(table);
      return tree;
    },
  };
}

function openTree(root: RootDatabase<Buffer, Buffer>, name: string): Tree {
  const db = root.openDB<Buffer, Buffer>(name, ENCODING) as unknown as LmdbTable;
  const [greatest] = db.getKeys({ reverse: true, limit: 1 });
  return { db, greatest: Buffer.from(greatest ?? []) };
}

function refuseOldLayout(root: RootDatabase<Buffer, Buffer>, path: string): void {
  for (const _ of root.getKeys({ start: LEAST, end: NAMES, limit: 1 }))
    throw storeError("STORE_OLD_LAYOUT", `${path}: its tables share one tree; this version has a tree for each`, { path });
}

type Encoded = { db: Tree["db"]; key: Buffer; value: Buffer | undefined; append: boolean };

/**
 * Copies: lmdb-js reads large values when it commits, after the caller may have changed them. `append`: the key comes behind all others; told so,
 * LMDB leaves the page before it full, and else by one row less than full, half a page where rows are long.
 */
function encode({ of, rows }: Opened, { table, key: wanted, value }: KvOp): Encoded {
  const tree = of(table);
  const key = Buffer.from(checkedKey(table, wanted));
  const append = value !== null && Buffer.compare(key, tree.greatest) > 0;
  if (append) tree.greatest = key;
  return { db: tree.db, key, value: value === null ? undefined : rows.pack(table, key, value), append };
}

function apply(ops: readonly Encoded[]): void {
  for (const { db, key, value, append } of ops) {
    if (value === undefined) db.remove(key);
    else db.put(key, value, { append }).catch(() => {}); // of a row that is appended it is its own: the batch's tells the same
  }
}

function openSnapshot({ root, rows, of }: Opened): KvSnapshot {
  root.resetReadTxn();
  const transaction = root.useReadTransaction();
  let open = true;
  return {
    get(table, key) {
      const value = of(table).db.get(viewed(checkedKey(table, key)), { transaction });
      return value && rows.unpack(table, key, value);
    },
    *range(table, from, to, limit, reverse = false) {
      const [low, high] = [from.length === 0 ? LEAST : viewed(from), viewed(to)];
      if (limit <= 0 || Buffer.compare(low, high) >= 0) return;
      const bounds = reverse
        ? { start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse: true }
        : { start: low, end: high };
      for (const { key, value } of of(table).db.getRange({ ...bounds, limit, transaction }))
        yield [bytes(key), bytes(rows.unpack(table, key, value))];
    },
    close() {
      if (open) transaction.done();
      open = false;
    },
  };
}

function viewed(key: Bytes): Buffer {
  return Buffer.from(key.buffer, key.byteOffset, key.length);
}

/** A copy: the library reuses the buffer it reads keys into. */
function bytes(buffer: Uint8Array): Bytes {
  return new Uint8Array(buffer);
}

/**
 * The commit left nothing. Its reason comes in a promise of its own; where a full disk cut it short that is EIO, so the disk is asked,
 * and where it has room, perhaps again, the commit is made once more. Throws DISK_FULL.
 */
async function againIfCut(path: string, error: unknown, commit: () => Promise<unknown>): Promise<void> {
  const { commitError } = error as { commitError?: Promise<never> };
  if (commitError === undefined) throw error;
  const reason = await Promise.race([commitError.catch((x: unknown) => x), setTimeout(REASON_MS, error, { ref: false })]);
  if (lacksRoom(dirname(path))) throw storeError("DISK_FULL", `${path}: a commit found no room`, { path }, reason);
  await commit().catch((again) => {
    again.commitError?.catch(() => {});
    throw reason;
  });
}

function failed(path: string, error: unknown): NoemaError {
  if (error instanceof NoemaError) return error;
  return storeError("STORE_FAILED", `${path}: ${error instanceof Error ? error.message : error}`, { path }, error);
}
