/**
 * KvStore in memory, with real snapshots: a write copies the tables that an open snapshot still reads.
 * `crash` undoes what no durable write has covered yet, as a kill -9 may.
 */
import type { Bytes } from "../ports/bytes.ts";
import type { KvSnapshot, KvStore } from "../ports/kv-store.ts";

/** Keys as latin1 strings: their order by code unit is the order of unsigned bytes. */
type Table = { keys: string[]; values: Map<string, Bytes> };
type Version = { tables: Map<string, Table>; readers: number };

export type MemoryStore = KvStore & {
  /** Loses every write since the last durable one. The store can be used again, also after `close`. */
  crash(): void;
  /** Opens again after `close`, with everything. */
  reopen(): void;
  /** The next writes are refused with this error, until it is undefined. */
  failWrites(error: Error | undefined): void;
};

export function createMemoryStore(): MemoryStore {
  let version: Version = { tables: new Map(), readers: 0 };
  let undo: { table: string; key: string; value: Bytes | undefined }[] = [];
  let failure: Error | undefined;
  let closed = false;

  function writable(name: string, copied: Set<string>): Table {
    const table = version.tables.get(name) ?? { keys: [], values: new Map() };
    if (!copied.has(name)) {
      copied.add(name);
      version.tables.set(name, version.readers > 0 ? { keys: [...table.keys], values: new Map(table.values) } : table);
    }
    return version.tables.get(name) as Table;
  }

  return {
    snapshot() {
      if (closed) throw new Error("the store is closed");
      return openSnapshot(version);
    },
    reader: () => undefined,
    async write(ops, durable) {
      if (closed) throw new Error("the store is closed");
      for (const op of ops) checkKey(op.key);
      if (failure !== undefined) throw failure;
      const copied = new Set<string>();
      const before = version;
      if (before.readers > 0) version = { tables: new Map(before.tables), readers: before.readers };
      for (const op of ops) {
        const key = latin1(op.key);
        const table = writable(op.table, copied);
        undo.push({ table: op.table, key, value: table.values.get(key) });
        put(table, key, op.value === null ? undefined : Uint8Array.from(op.value));
      }
      if (version !== before) version.readers = 0;
      if (durable) undo = [];
    },
    crash() {
      closed = false;
      version = { tables: new Map([...version.tables].map(([n, t]) => [n, { keys: [...t.keys], values: new Map(t.values) }])), readers: 0 };
      for (const { table, key, value } of undo.reverse()) put(version.tables.get(table) as Table, key, value);
      undo = [];
    },
    reopen() {
      closed = false;
    },
    failWrites(error) {
      failure = error;
    },
    async close() {
      closed = true;
    },
  };
}

function openSnapshot(version: Version): KvSnapshot {
  version.readers++;
  let open = true;
  return {
    get(table, key) {
      const value = version.tables.get(table)?.values.get(latin1(key));
      return value && Uint8Array.from(value);
    },
    *range(name, from, to, limit, reverse = false) {
      const table = version.tables.get(name);
      if (table === undefined) return;
      const first = lowerBound(table.keys, latin1(from));
      const end = lowerBound(table.keys, latin1(to));
      for (let n = 0; n < Math.min(limit, end - first); n++) {
        const key = table.keys[reverse ? end - 1 - n : first + n] as string;
        yield [new Uint8Array(Buffer.from(key, "latin1")), Uint8Array.from(table.values.get(key) as Bytes)];
      }
    },
    close() {
      if (open) version.readers--;
      open = false;
    },
  };
}

function put(table: Table, key: string, value: Bytes | undefined): void {
  const known = table.values.has(key);
  if (value === undefined) {
    if (known) table.keys.splice(lowerBound(table.keys, key), 1);
    table.values.delete(key);
    return;
  }
  if (!known) table.keys.splice(lowerBound(table.keys, key), 0, key);
  table.values.set(key, value);
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function latin1(key: Bytes): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}

function checkKey(key: Bytes): void {
  if (key.length < 1 || key.length > 255) throw new RangeError(`a key of ${key.length} bytes; 1 to 255 are allowed`);
}
