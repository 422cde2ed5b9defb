/**
 * KvStore on LMDB, one file (and its -lock file).
 *
 * Durability. The environment runs with overlappingSync, lmdb-js's default: a commit is visible, and its promise resolves, before
 * the disk has it; `flushed` resolves after the fsync. So a write that is not durable costs no wait, and a durable one awaits
 * `flushed`. kill -9 loses no commit (the page cache has it); a power cut goes back to the newest flushed commit, whole.
 *
 * Snapshots. lmdb-js renews its read transaction once an event-loop turn, so a synchronous loop would see one commit for ever:
 * every snapshot resets it first and then holds a transaction of its own. Pages of old commits are not reused while a snapshot
 * is open: close it soon.
 */
import { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { KvOp, KvReader, KvReaderPlace, KvSnapshot, KvStore } from "@noema/core/ports/kv-store";
import { open, type RootDatabase } from "lmdb";
import { storeError } from "./errors.ts";
import { guardLmdbFile } from "./lmdb-guard.ts";
import { boundary, tableKey, tablePrefix } from "./table-key.ts";

const OPTIONS = { noSubdir: true, encoding: "binary", keyEncoding: "binary" } as const;

/** `path` is the file; its directory must exist. Throws STORE_FAILED, STORE_DAMAGED. */
export function openLmdbStore(path: string): KvStore {
  const db = opened(path, () => {
    guardLmdbFile(path);
    return open<Buffer, Buffer>({ ...OPTIONS, path, noMemInit: true });
  });
  return {
    snapshot: () => openSnapshot(db),
    reader: () => ({ path }),
    async write(ops, durable) {
      const encoded = ops.map(encode);
      try {
        if (encoded.length > 0) await db.batch(() => apply(db, encoded));
        if (durable) await db.flushed;
      } catch (error) {
        throw failed(path, error);
      }
    },
    async close() {
      await db.flushed;
      await db.close();
    },
  };
}

/** In another thread of the process that has the store open: both use one environment and one map. Throws STORE_FAILED. */
export function openLmdbReader({ path }: KvReaderPlace): KvReader {
  const db = opened(path, () => open<Buffer, Buffer>({ ...OPTIONS, path, readOnly: true }));
  return { snapshot: () => openSnapshot(db), close: () => db.close() };
}

function opened(path: string, open: () => RootDatabase<Buffer, Buffer>): RootDatabase<Buffer, Buffer> {
  try {
    return open();
  } catch (error) {
    throw failed(path, error);
  }
}

type Encoded = { key: Buffer; value: Buffer | undefined };

/** Copies: lmdb-js reads large values when it commits, after the caller may have changed them. */
function encode(op: KvOp): Encoded {
  return { key: tableKey(op.table, op.key), value: op.value === null ? undefined : Buffer.from(op.value) };
}

function apply(db: RootDatabase<Buffer, Buffer>, ops: readonly Encoded[]): void {
  for (const { key, value } of ops) {
    if (value === undefined) db.remove(key);
    else db.put(key, value);
  }
}

function openSnapshot(db: RootDatabase<Buffer, Buffer>): KvSnapshot {
  db.resetReadTxn();
  const transaction = db.useReadTransaction();
  let open = true;
  return {
    get(table, key) {
      const value = db.get(tableKey(table, key), { transaction });
      return value && new Uint8Array(value.buffer, value.byteOffset, value.length);
    },
    *range(table, from, to, limit, reverse = false) {
      const skip = tablePrefix(table).length;
      const [low, high] = [boundary(table, from), boundary(table, to)];
      if (limit <= 0 || Buffer.compare(low, high) >= 0) return;
      const bounds = reverse
        ? { start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse: true }
        : { start: low, end: high };
      for (const { key, value } of db.getRange({ ...bounds, limit, transaction })) yield [bytes(key, skip), bytes(value, 0)];
    },
    close() {
      if (open) transaction.done();
      open = false;
    },
  };
}

/** A copy: the library reuses the buffer it reads keys into. */
function bytes(buffer: Uint8Array, from: number): Bytes {
  return new Uint8Array(buffer.subarray(from));
}

function failed(path: string, error: unknown): NoemaError {
  if (error instanceof NoemaError) return error;
  return storeError("STORE_FAILED", `${path}: ${error instanceof Error ? error.message : error}`, { path }, error);
}
