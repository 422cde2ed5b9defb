/**
 * Retrieval: what of an object is wanted, as payload. Rows come from here and from holders (gather-rows.ts), each checked exactly as a
 * receiver checks it, so the result is unique, and any R of them decode. Nothing is handed out before all that is wanted is there.
 */

import { setImmediate } from "node:timers/promises";
import { to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { ReadOptions } from "@noema/core/ports/data";
import { daError } from "../errors.ts";
import type { Catalog } from "./catalog.ts";
import type { BlobLaneDeps } from "./deps.ts";
import { ROW_PAYLOAD, unpackRow } from "./elements.ts";
import type { FindObject } from "./find-object.ts";
import type { Gathered, Wanted } from "./gather-rows.ts";
import type { HotRows } from "./hot-rows.ts";
import type { BlobObject } from "./object.ts";

/** Unpacked between two turns of the event loop, 1 MB: some ms, and many readers may come at once. */
const ROWS_A_TURN = 8;
/** Each holds its rows, 4 MB at most beside what decodes them, until its reader has taken them. */
const MAX_READS = 32;

export type Retriever = {
  /**
   * Payload bytes [from, to), one chunk a row. Throws DA_ARGUMENT_INVALID, DA_NOT_FOUND, DA_EXPIRED, DA_NOT_CERTIFIED, DA_UNAVAILABLE,
   * DA_READS_BUSY, DA_PAYLOAD_INVALID.
   */
  retrieve(id: Hash, from: number, to: number | undefined, signal: AbortSignal, o?: ReadOptions): AsyncIterable<Bytes>;
};

export type RetrieverParts = {
  deps: Pick<BlobLaneDeps, "worker">;
  catalog: Catalog;
  findObject: FindObject;
  gather(wanted: Wanted): Promise<Gathered>;
  hot: HotRows;
  /** An object of which all that was wanted could be had. */
  onRead(id: Hash, object: BlobObject): void;
};

export function createRetriever({ deps, catalog, findObject, gather, hot, onRead }: RetrieverParts): Retriever {
  let reads = 0;

  /** The wanted data rows. */
  async function dataRows(
    object: BlobObject,
    id: Hash,
    slots: readonly number[],
    signal: AbortSignal,
    { onLiar, onRows, fresh }: ReadOptions,
  ): Promise<ReadonlyMap<number, Bytes>> {
    const known = new Map<number, Bytes>();
    for (const slot of fresh ? [] : slots) {
      const row = hot.get(id, slot);
      if (row !== undefined) known.set(slot, row);
    }
    if (known.size === slots.length) return known;
    const { rows, liars } = await gatherCertified({ object, id, slots, known, signal });
    for (const liar of liars) onLiar?.(liar);
    onRows?.([...rows.keys()].filter((slot) => !known.has(slot)));
    const isWhole = slots.every((slot) => rows.has(slot));
    const { R } = object.meta;
    const data = isWhole ? rows : new Map((await deps.worker.decode([...rows], R)).entries());
    // also those that were not asked for: who reads the first bytes of a file reads on
    for (const [slot, row] of data) if (slot < R) hot.set(id, slot, row);
    onRead(id, object);
    return data;
  }

  async function gatherCertified(wanted: Wanted): Promise<Gathered> {
    try {
      return await gather(wanted);
    } catch (error) {
      const entry = catalog.entry(wanted.id);
      if (!isNoemaError(error, "DA_UNAVAILABLE") || entry === undefined || entry.certAt !== undefined) throw error;
      throw daError("DA_NOT_CERTIFIED", `${error.message}; no certificate of it is known`, error.data);
    }
  }

  async function* read(id: Hash, from: number, to: number | undefined, signal: AbortSignal, o: ReadOptions): AsyncIterable<Bytes> {
    const object = await findObject(id, signal);
    if (object === undefined) throw daError("DA_NOT_FOUND", `object ${to0x(id)} is not known here or to a connected peer`);
    const { payloadLen } = object.meta;
    const end = Math.min(to ?? payloadLen, payloadLen);
    if (!Number.isSafeInteger(from) || from < 0 || from > end)
      throw daError("DA_ARGUMENT_INVALID", `range [${from}, ${to ?? ""}) of ${payloadLen} bytes`);
    if (from === end) return;
    const first = Math.floor(from / ROW_PAYLOAD);
    const wanted = Array.from({ length: Math.floor((end - 1) / ROW_PAYLOAD) - first + 1 }, (_, i) => first + i);
    const rows = await dataRows(object, id, wanted, signal, o);
    const payloads: Bytes[] = [];
    for (const index of wanted) {
      if (payloads.length % ROWS_A_TURN === ROWS_A_TURN - 1) await setImmediate();
      const payload = unpackRow(rows.get(index)!, index, payloadLen);
      if (payload === undefined) throw daError("DA_PAYLOAD_INVALID", `row ${index} of ${to0x(id)} breaks the payload convention`);
      const start = index * ROW_PAYLOAD;
      payloads.push(payload.subarray(Math.max(0, from - start), Math.min(payload.length, end - start)));
    }
    yield* payloads;
  }

  return {
    async *retrieve(id, from, to, signal, o = {}) {
      if (reads >= MAX_READS) throw daError("DA_READS_BUSY", `${reads} reads are under way`, { limit: MAX_READS });
      reads++;
      try {
        yield* read(id, from, to, signal, o);
      } finally {
        reads--;
      }
    },
  };
}
