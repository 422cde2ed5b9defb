import type { Bytes } from "./bytes.ts";

export type KvOp = { table: string; key: Bytes; value: Bytes | null };

/** A consistent view of one commit; keys order as unsigned bytes. */
export interface KvSnapshot {
  get(table: string, key: Bytes): Bytes | undefined;
  /** Keys in [from, to), ascending (or descending when `reverse`), at most `limit`. */
  range(table: string, from: Bytes, to: Bytes, limit: number, reverse?: boolean): Iterable<[Bytes, Bytes]>;
  close(): void;
}

/** Can be structured-cloned; its meaning is the implementation's. */
export type KvReaderPlace = { path: string; tables: readonly string[] };

/** Reads one environment. */
export interface KvReader {
  /** Always the newest commit. */
  snapshot(): KvSnapshot;
  close(): Promise<void>;
}

/** An ordered embedded store of tables that are named when it is opened. One environment has one writing thread. Keys have 1 to 255 bytes. */
export interface KvStore extends KvReader {
  /** What another thread of this process opens a reader by, for as long as the store is open; undefined: this thread alone can read it. */
  reader(): KvReaderPlace | undefined;
  /** Atomic; later operations on a key win; `durable` = fsynced when the promise resolves. */
  write(ops: readonly KvOp[], durable: boolean): Promise<void>;
}
