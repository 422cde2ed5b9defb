/** Rows in one append file for each bucket of expiry heights; a bucket is dropped whole when its last height has passed. */
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes, Height } from "@noema/core/ports/bytes";

/** Rows of one bucket. What of it cannot be read any more is an erasure of rows, and nothing else. */
export interface RowLog {
  /** The record's position. Rejects when it cannot be written; what comes later may be. */
  append(record: Bytes): Promise<number>;
  /** Resolves when the records at these positions are durable. */
  sync(positions: readonly number[]): Promise<void>;
  /** undefined: it is not there as it was written. */
  read(position: number): Promise<Bytes | undefined>;
  close(): Promise<void>;
}

/** A folder of logs, implemented by node. Each is opened once until it is dropped. */
export interface LogFolder {
  /** Opens or creates; new records get positions from `above` on. */
  openRows(name: string, above: number): Promise<RowLog>;
  /** Opens or creates a log that is replayed. */
  open(name: string): Promise<AppendLog>;
  list(): Promise<string[]>;
  /** Closes the log and deletes its files. */
  drop(name: string): Promise<void>;
}

export type RowStore = {
  bucketOf(expiry: Height): number;
  append(bucket: number, record: Bytes): Promise<number>;
  sync(bucket: number, positions: readonly number[]): Promise<void>;
  /** Never rejects: what cannot be read is undefined. */
  read(bucket: number, position: number): Promise<Bytes | undefined>;
  /** Drops every bucket that ends at or below `height`. */
  expire(height: Height): Promise<void>;
  /** Rows of an own object that still has to reach others. */
  openDispersal(seq: number): Promise<AppendLog>;
  /** Those of its records that can be read. */
  readDispersal(seq: number): Promise<Bytes[]>;
  dropDispersal(seq: number): Promise<void>;
  /** Logs of dispersals that a crash cut off before the catalog knew them. */
  dropStrays(known: ReadonlySet<number>): Promise<void>;
  close(): Promise<void>;
};

const ROWS = /^rows-([0-9]+)$/;
const DISPERSAL = /^dispersal-([0-9]+)$/;

/** @param above no position of a bucket that something refers to is as high: what comes is never taken for what is lost */
export function createRowStore(folder: LogFolder, bucketHeights: number, above: (bucket: number) => number): RowStore {
  const rows = createOpened((name: string) => folder.openRows(name, above(Number(ROWS.exec(name)?.[1]))));
  const dispersals = createOpened((name: string) => folder.open(name));
  const nameOf = (bucket: number) => `rows-${bucket}`;
  const dispersalOf = (seq: number) => `dispersal-${seq}`;

  async function drop(name: string): Promise<void> {
    for (const logs of [rows, dispersals]) await logs.forget(name);
    await folder.drop(name);
  }
  return {
    bucketOf: (expiry) => Math.floor(expiry / bucketHeights),
    append: async (bucket, record) => (await rows.get(nameOf(bucket))).append(record),
    sync: async (bucket, positions) => (await rows.get(nameOf(bucket))).sync(positions),
    async read(bucket, position) {
      try {
        return await (await rows.get(nameOf(bucket))).read(position);
      } catch {
        return undefined; // whoever asks says what is missing
      }
    },
    async expire(height) {
      for (const name of await folder.list()) {
        const bucket = ROWS.exec(name)?.[1];
        if (bucket === undefined || (Number(bucket) + 1) * bucketHeights > height) continue;
        await drop(name);
      }
    },
    openDispersal: (seq) => dispersals.get(dispersalOf(seq)),
    async readDispersal(seq) {
      try {
        return [...(await dispersals.get(dispersalOf(seq))).replay()].map(([, record]) => new Uint8Array(record));
      } catch {
        return [];
      }
    },
    dropDispersal: (seq) => drop(dispersalOf(seq)),
    async dropStrays(known) {
      for (const name of await folder.list()) {
        const seq = DISPERSAL.exec(name)?.[1];
        if (seq !== undefined && !known.has(Number(seq))) await drop(name);
      }
    },
    async close() {
      await rows.close();
      await dispersals.close();
    },
  };
}

type Opened<T> = { get(name: string): Promise<T>; forget(name: string): Promise<void>; close(): Promise<void> };

/** Logs by name, each opened by the first who asks; one that could not be opened is opened again by the next. */
function createOpened<T extends { close(): Promise<void> }>(open: (name: string) => Promise<T>): Opened<T> {
  const logs = new Map<string, Promise<T>>();
  const settled = (name: string) => logs.get(name)?.catch(() => undefined);
  return {
    get(name) {
      const known = logs.get(name);
      if (known !== undefined) return known;
      const fresh = open(name);
      fresh.catch(() => logs.delete(name));
      logs.set(name, fresh);
      return fresh;
    },
    async forget(name) {
      await settled(name); // a log that is being opened is not dropped half way
      logs.delete(name);
    },
    async close() {
      for (const name of [...logs.keys()]) await (await settled(name))?.close();
      logs.clear();
    },
  };
}
