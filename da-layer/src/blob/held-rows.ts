/**
 * The rows that this node holds. One that cannot be read is an erasure: it is told and counted, not held any more until it is
 * written anew, and `onErased` hears of it.
 */
import { to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Catalog } from "./catalog.ts";
import type { RowWithPath } from "./chunk-tree.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { BlobObject } from "./object.ts";
import { encodeRowRecord } from "./row-record.ts";
import type { RowStore } from "./row-store.ts";

export type HeldRows = {
  slots(id: Hash): number[];
  /** The record (row-record.ts); undefined: not held, or not any more. Never rejects. */
  read(id: Hash, slot: number): Promise<Bytes | undefined>;
  /** What was read is not what was written, for this reason. */
  lose(id: Hash, slot: number, why: string): void;
  /** Checked rows: durable, and read from here on, when it resolves. */
  write(id: Hash, object: BlobObject, rows: readonly RowWithPath[]): Promise<void>;
  onErased(f: (id: Hash, slot: number) => void): void;
};

export type HeldRowsParts = {
  deps: Pick<BlobLaneDeps, "logger" | "metrics">;
  catalog: Catalog;
  store: RowStore;
  /** The lane stops: what cannot be read from then on is not lost. */
  signal: AbortSignal;
};

export function createHeldRows({ deps, catalog, store, signal }: HeldRowsParts): HeldRows {
  const erased = deps.metrics.counter("noema_da_rows_erased_total", "Own rows that could not be read as they were written");
  const rewritten = deps.metrics.counter("noema_da_rows_rewritten_total", "Own rows that were written anew");
  const listeners: ((id: Hash, slot: number) => void)[] = [];

  function lose(id: Hash, slot: number, why: string): void {
    const entry = catalog.entry(id);
    const where = { object: to0x(id), slot, bucket: entry?.bucket, position: entry?.rows.get(slot) };
    catalog.loseRow(id, slot);
    erased();
    deps.logger.log("warn", `an own row cannot be read any more: ${why}; it is rebuilt from others'`, where);
    for (const listener of listeners) listener(id, slot);
  }

  return {
    slots: (id) => [...(catalog.entry(id)?.rows.keys() ?? [])],
    onErased: (f) => void listeners.push(f),
    async read(id, slot) {
      const entry = catalog.entry(id);
      const position = entry?.rows.get(slot);
      if (entry?.bucket === undefined || position === undefined) return undefined;
      const record = await store.read(entry.bucket, position);
      if (record !== undefined) return record;
      // it may have expired, or another read has found it meanwhile
      if (catalog.entry(id)?.rows.get(slot) === position && !signal.aborted) lose(id, slot, "it is not there as it was written");
      return undefined;
    },
    lose,
    async write(id, object, rows) {
      const bucket = store.bucketOf(object.meta.expiry);
      const held: { slot: number; position: number }[] = [];
      for (const row of rows) held.push({ slot: row.slot, position: await store.append(bucket, encodeRowRecord(row)) });
      await store.sync(
        bucket,
        held.map(({ position }) => position),
      );
      catalog.addRows(id, bucket, held);
      await catalog.sync();
      rewritten(held.length);
    },
  };
}
