/**
 * KvStore on RocksDB (@nxtedition/rocksdb, optional: prebuilt for linux-x64 and darwin-arm64). A durable write syncs RocksDB's
 * log and blocks the calling thread for that fsync. The binding has no snapshots, but a RocksDB iterator is one: a snapshot is a
 * pair of iterators, forward and reverse, made at the same sequence number; a read seeks.
 */
import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { KvSnapshot, KvStore } from "@noema/core/ports/kv-store";
import { storeError } from "./errors.ts";
import { boundary, tableError, tableKey, tablePrefix } from "./table-key.ts";

/** What is used of the binding, which has no types. `rows` holds key, value, key, value, ... */
type Iterator = { _seekSync(key: Buffer): void; _nextvSync(size: number): { rows: Buffer[]; finished: boolean }; _closeSync(): void };
type Batch = {
  _put(key: Buffer, value: Buffer): void;
  _del(key: Buffer): void;
  _writeSync(o: { sync: boolean }): void;
  _closeSync(): void;
};
type Database = {
  readonly sequence: number | bigint;
  open(): Promise<void>;
  close(): Promise<void>;
  _iterator(o: object): Iterator;
  _chainedBatch(): Batch;
};

const PAGE_ROWS = 256;

/** `path` is a directory. Throws STORE_UNAVAILABLE, STORE_FAILED. */
export async function openRocksdbStore(path: string, tables: readonly string[]): Promise<KvStore> {
  const known = new Set(tables);
  const check = (table: string) => {
    if (!known.has(table)) throw tableError(table);
  };
  const db = new (await load())(path, { keyEncoding: "buffer", valueEncoding: "buffer" });
  try {
    await db.open();
  } catch (error) {
    throw failed(path, error);
  }
  return {
    snapshot: () => openSnapshot(db, check),
    reader: () => undefined, // it locks its folder against a second opening, also by the same process
    async write(ops, durable) {
      for (const { table } of ops) check(table);
      const encoded = ops.map((op) => ({ key: tableKey(op.table, op.key), value: op.value && Buffer.from(op.value) }));
      const batch = db._chainedBatch();
      try {
        for (const { key, value } of encoded) {
          if (value === null) batch._del(key);
          else batch._put(key, value);
        }
        // an empty durable batch still syncs what came before it
        if (encoded.length > 0 || durable) batch._writeSync({ sync: durable });
      } catch (error) {
        throw failed(path, error);
      } finally {
        batch._closeSync();
      }
    },
    close: () => db.close(),
  };
}

async function load(): Promise<new (path: string, options: object) => Database> {
  try {
    const name = "@nxtedition/rocksdb"; // not a literal: bundlers and the type check must not follow an optional package
    return (await import(name)).RocksLevel;
  } catch (error) {
    throw storeError("STORE_UNAVAILABLE", "store rocksdb: @nxtedition/rocksdb is not installed here", { engine: "rocksdb" }, error);
  }
}

function openSnapshot(db: Database, check: (table: string) => void): KvSnapshot {
  const { forward, backward } = openIterators(db);
  let open = true;
  return {
    get(table, key) {
      check(table);
      const wanted = tableKey(table, key);
      forward._seekSync(wanted);
      const [found, value] = forward._nextvSync(1).rows;
      return found !== undefined && wanted.equals(found) ? bytes(value as Buffer, 0) : undefined;
    },
    range(table, from, to, limit, reverse = false) {
      check(table);
      return reverse ? descending(backward, table, from, to, limit) : ascending(forward, table, from, to, limit);
    },
    close() {
      if (open) for (const iterator of [forward, backward]) iterator._closeSync();
      open = false;
    },
  };
}

function openIterators(db: Database): { forward: Iterator; backward: Iterator } {
  for (;;) {
    const before = db.sequence;
    const forward = db._iterator({ keys: true, values: true, keyEncoding: "buffer", valueEncoding: "buffer" });
    const backward = db._iterator({ keys: true, values: true, reverse: true, keyEncoding: "buffer", valueEncoding: "buffer" });
    if (db.sequence === before) return { forward, backward };
    for (const iterator of [forward, backward]) iterator._closeSync(); // another thread wrote in between
  }
}

/** Seeks again for each page, because other reads of the snapshot move the same iterator. */
function* ascending(iterator: Iterator, table: string, from: Bytes, to: Bytes, limit: number): Iterable<[Bytes, Bytes]> {
  const skip = tablePrefix(table).length;
  const end = boundary(table, to);
  let left = limit;
  for (let at = boundary(table, from); left > 0; ) {
    iterator._seekSync(at);
    const { rows } = iterator._nextvSync(Math.min(PAGE_ROWS, left));
    for (let i = 0; i < rows.length; i += 2) {
      if (Buffer.compare(rows[i] as Buffer, end) >= 0 || left-- <= 0) return;
      yield [bytes(rows[i] as Buffer, skip), bytes(rows[i + 1] as Buffer, 0)];
    }
    if (rows.length === 0) return;
    at = Buffer.concat([rows.at(-2) as Buffer, Uint8Array.of(0)]); // the least key above the last one
  }
}

function* descending(iterator: Iterator, table: string, from: Bytes, to: Bytes, limit: number): Iterable<[Bytes, Bytes]> {
  const skip = tablePrefix(table).length;
  const low = boundary(table, from);
  let left = limit;
  for (let below = boundary(table, to); left > 0; ) {
    iterator._seekSync(below);
    const { rows } = iterator._nextvSync(Math.min(PAGE_ROWS, left + 1)); // one more: the seek may land on the excluded end
    let last: Buffer | undefined;
    for (let i = 0; i < rows.length; i += 2) {
      const key = rows[i] as Buffer;
      if (Buffer.compare(key, below) >= 0) continue;
      if (Buffer.compare(key, low) < 0 || left-- <= 0) return;
      last = key;
      yield [bytes(key, skip), bytes(rows[i + 1] as Buffer, 0)];
    }
    if (last === undefined) return;
    below = last;
  }
}

function bytes(buffer: Buffer, from: number): Bytes {
  return new Uint8Array(buffer.subarray(from));
}

function failed(path: string, error: unknown): NoemaError {
  return storeError("STORE_FAILED", `${path}: ${error instanceof Error ? error.message : error}`, { path }, error);
}
