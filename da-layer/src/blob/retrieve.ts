/**
 * Retrieval: the rows held here first, then the holders of the systematic rows that are wanted, all at once; when some of them are silent
 * or send rows that do not verify, every holder is asked, and any R good rows decode. Each row is checked exactly as a receiver
 * checks it, so the result is unique. A holder that fails once is not asked again for this retrieval.
 */
import { equalBytes, to0x } from "@noema/core/bytes";
import { askOne } from "@noema/core/peer-methods";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Peer } from "@noema/core/ports/network";
import { indexOf } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import type { BlobLaneOptions } from "../options.ts";
import { withTimeout } from "../shared/requests.ts";
import { assignSlots } from "./assignment.ts";
import type { Catalog } from "./catalog.ts";
import type { BlobLaneDeps } from "./deps.ts";
import { ROW_PAYLOAD, rowCount, unpackRow } from "./elements.ts";
import { type BlobObject, MAX_DATA_ROWS, objectId } from "./object.ts";
import { decodeRowRecord, readRowRecords, rowRecordBytes } from "./row-record.ts";
import type { RowStore } from "./row-store.ts";
import type { RowWithPath } from "./row-worker.ts";
import { METHODS, rowsRequestType } from "./wire.ts";

const GROUP = 8;
/** A holder's time grows with what it is asked for: 128 KiB in this many ms is 2 Mbit/s. */
const ROW_MS = 500;

export type Retriever = {
  /** From the catalog or a peer, checked; undefined when nobody connected knows it. */
  findObject(id: Hash, signal: AbortSignal): Promise<BlobObject | undefined>;
  /** Payload bytes [from, to), one chunk a row. Throws DA_ARGUMENT_INVALID, DA_NOT_FOUND, DA_UNAVAILABLE, DA_PAYLOAD_INVALID. */
  retrieve(id: Hash, from: number, to: number | undefined, signal: AbortSignal): AsyncIterable<Bytes>;
};

export function createRetriever(options: BlobLaneOptions, deps: BlobLaneDeps, catalog: Catalog, store: RowStore): Retriever {
  const { network, clock, logger, worker } = deps;

  async function askForObject(peer: Peer, id: Hash, signal: AbortSignal): Promise<BlobObject> {
    const object = await withTimeout(clock, options.holderTimeoutMs, signal, (s) => askOne(network, peer.id, METHODS.object, { id }, s));
    const { meta } = object;
    // nothing is computed from numbers that a checked object cannot have
    if (!equalBytes(objectId(object), id) || meta.R < 1 || meta.R > MAX_DATA_ROWS || meta.R !== rowCount(meta.payloadLen))
      throw daError("DA_OBJECT_INVALID", `the answer is not the object ${to0x(id)}`);
    await worker.checkObject(object);
    return object;
  }

  async function findObject(id: Hash, signal: AbortSignal): Promise<BlobObject | undefined> {
    const own = catalog.object(id);
    if (own !== undefined) return own;
    try {
      return await Promise.any(network.peers().map((peer) => askForObject(peer, id, signal)));
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  /** Slots that each connected peer should hold; everybody is asked for everything where the assignment is not known. */
  function holders(object: BlobObject): { peer: Peer; slots: number[] }[] {
    const { meta } = object;
    const set = deps.validatorSetOf(meta.epoch);
    const seed = deps.epochSeed(meta.epoch);
    const ranges = set && seed && assignSlots(set, meta.R, seed, meta.publisher, meta.nonce).ranges;
    return network.peers().flatMap((peer) => {
      const index = set && indexOf(set, peer.publicKey);
      const range = index === undefined ? undefined : ranges?.[index];
      if (ranges !== undefined && range === undefined) return [];
      const [from, to] = range === undefined ? [0, meta.N] : [range.from, range.to];
      return [{ peer, slots: Array.from({ length: to - from }, (_, i) => from + i) }];
    });
  }

  async function readOwn(id: Hash, N: number, slots: Iterable<number>, good: Map<number, Bytes>): Promise<void> {
    const entry = catalog.entry(id);
    if (entry?.bucket === undefined) return;
    for (const slot of slots) {
      const position = entry.rows.get(slot);
      if (position === undefined || good.has(slot)) continue;
      const record = await store.read(entry.bucket, position);
      if (record !== undefined) good.set(slot, decodeRowRecord(record, N).row);
    }
  }

  /** Adds the peer's good rows; throws at its first bad one. */
  async function ask(
    peer: Peer,
    object: BlobObject,
    id: Hash,
    slots: number[],
    good: Map<number, Bytes>,
    signal: AbortSignal,
  ): Promise<void> {
    const { N } = object.meta;
    const body = rowsRequestType.serialize({ id, slots });
    const wanted = new Set(slots);
    let group: RowWithPath[] = [];
    const flush = async () => {
      const faults = await worker.checkRows(object, group);
      for (const [i, { slot, row }] of group.entries()) {
        if (faults[i] !== undefined) throw daError("DA_ROW_MISMATCH", `row ${slot} from ${peer.id}: ${faults[i]}`);
        good.set(slot, row);
      }
      group = [];
    };
    for await (const row of readRowRecords(
      network.request(peer.id, METHODS.rows.name, body, slots.length * rowRecordBytes(N), signal),
      N,
    )) {
      if (!wanted.delete(row.slot)) throw daError("DA_ROW_MISMATCH", `row ${row.slot} from ${peer.id} was not asked for`);
      if (group.push(row) === GROUP) await flush();
    }
    if (group.length > 0) await flush();
  }

  type Asking = { object: BlobObject; id: Hash; good: Map<number, Bytes>; failed: Set<string>; signal: AbortSignal };

  /** Asks all holders at once for what `want` selects; ends when `enough` or when all have answered or failed. */
  async function askHolders(
    { object, id, good, failed, signal }: Asking,
    want: (slot: number) => boolean,
    enough: () => boolean,
  ): Promise<void> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    await Promise.all(
      holders(object).map(async ({ peer, slots }) => {
        const wanted = slots.filter((slot) => want(slot) && !good.has(slot));
        if (wanted.length === 0 || failed.has(peer.id)) return;
        try {
          await withTimeout(clock, options.holderTimeoutMs + ROW_MS * wanted.length, either, (s) => ask(peer, object, id, wanted, good, s));
        } catch (error) {
          if (ended.signal.aborted) return;
          failed.add(peer.id);
          logger.log("debug", "a holder did not give good rows", { peer: peer.id, error: String(error) });
        }
        if (enough()) ended.abort();
      }),
    );
    signal.throwIfAborted();
  }

  /** The wanted data rows. */
  async function dataRows(object: BlobObject, id: Hash, wanted: readonly number[], signal: AbortSignal): Promise<Map<number, Bytes>> {
    const { R, N } = object.meta;
    const good = new Map<number, Bytes>();
    const complete = () => wanted.every((slot) => good.has(slot));
    await readOwn(id, N, wanted, good);
    if (complete()) return good;
    const asking = { object, id, good, failed: new Set<string>(), signal };
    await askHolders(asking, (slot) => wanted.includes(slot), complete);
    if (complete()) return good;
    await readOwn(id, N, catalog.entry(id)?.rows.keys() ?? [], good);
    const decodable = () => complete() || good.size >= R;
    if (!decodable()) await askHolders(asking, () => true, decodable);
    if (complete()) return good;
    if (good.size < R)
      throw daError("DA_UNAVAILABLE", `${good.size} good rows of ${to0x(id)}, ${R} are needed`, { rows: good.size, needed: R });
    const rows = await worker.decode([...good], R);
    return new Map(rows.map((row, slot) => [slot, row]));
  }

  return {
    findObject,
    async *retrieve(id, from, to, signal) {
      const object = await findObject(id, signal);
      if (object === undefined) throw daError("DA_NOT_FOUND", `object ${to0x(id)} is not known here or to a connected peer`);
      const { payloadLen } = object.meta;
      const end = Math.min(to ?? payloadLen, payloadLen);
      if (!Number.isSafeInteger(from) || from < 0 || from > end)
        throw daError("DA_ARGUMENT_INVALID", `range [${from}, ${to ?? ""}) of ${payloadLen} bytes`);
      if (from === end) return;
      const first = Math.floor(from / ROW_PAYLOAD);
      const wanted = Array.from({ length: Math.floor((end - 1) / ROW_PAYLOAD) - first + 1 }, (_, i) => first + i);
      const rows = await dataRows(object, id, wanted, signal);
      for (const index of wanted) {
        const payload = unpackRow(rows.get(index)!, index, payloadLen);
        if (payload === undefined) throw daError("DA_PAYLOAD_INVALID", `row ${index} of ${to0x(id)} breaks the payload convention`);
        const start = index * ROW_PAYLOAD;
        yield payload.subarray(Math.max(0, from - start), Math.min(payload.length, end - start));
      }
    },
  };
}
