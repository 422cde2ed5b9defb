/** Rows in one append file for each bucket of expiry heights; a bucket is dropped whole when its last height has passed. */
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes, Height } from "@noema/core/ports/bytes";

/** A folder of append logs, implemented by node. */
export interface LogFolder {
  /** Opens or creates. Called once for a name until it is dropped. */
  open(name: string): Promise<AppendLog>;
  list(): Promise<string[]>;
  /** Closes the log and deletes its files. */
  drop(name: string): Promise<void>;
}

export type RowStore = {
  bucketOf(expiry: Height): number;
  append(bucket: number, record: Bytes): Promise<number>;
  sync(bucket: number): Promise<void>;
  read(bucket: number, position: number): Promise<Bytes | undefined>;
  /** Drops every bucket that ends at or below `height`. */
  expire(height: Height): Promise<void>;
  /** Rows of an own object that still has to reach others. */
  openDispersal(seq: number): Promise<AppendLog>;
  dropDispersal(seq: number): Promise<void>;
  /** Logs of dispersals that a crash cut off before the catalog knew them. */
  dropStrays(known: ReadonlySet<number>): Promise<void>;
  close(): Promise<void>;
};

const ROWS = /^rows-([0-9]+)$/;
const DISPERSAL = /^dispersal-([0-9]+)$/;

export function createRowStore(folder: LogFolder, bucketHeights: number): RowStore {
  const open = new Map<string, Promise<AppendLog>>();
  const nameOf = (bucket: number) => `rows-${bucket}`;
  const dispersalOf = (seq: number) => `dispersal-${seq}`;

  function opened(name: string): Promise<AppendLog> {
    const known = open.get(name);
    if (known !== undefined) return known;
    const fresh = folder.open(name);
    fresh.catch(() => open.delete(name));
    open.set(name, fresh);
    return fresh;
  }
  async function drop(name: string): Promise<void> {
    await opened(name); // a log that is being opened is not dropped half way
    open.delete(name);
    await folder.drop(name);
  }
  return {
    bucketOf: (expiry) => Math.floor(expiry / bucketHeights),
    append: async (bucket, record) => (await opened(nameOf(bucket))).append(record),
    sync: async (bucket) => (await opened(nameOf(bucket))).sync(),
    read: async (bucket, position) => (await opened(nameOf(bucket))).read(position),
    async expire(height) {
      for (const name of await folder.list()) {
        const bucket = ROWS.exec(name)?.[1];
        if (bucket === undefined || (Number(bucket) + 1) * bucketHeights > height) continue;
        await drop(name);
      }
    },
    openDispersal: (seq) => opened(dispersalOf(seq)),
    dropDispersal: (seq) => drop(dispersalOf(seq)),
    async dropStrays(known) {
      for (const name of await folder.list()) {
        const seq = DISPERSAL.exec(name)?.[1];
        if (seq !== undefined && !known.has(Number(seq))) await drop(name);
      }
    },
    async close() {
      for (const log of open.values()) await (await log).close();
      open.clear();
    },
  };
}
