/**
 * Reads what this node holds once in a period, a row at a time and no faster than the rate, so that damage is found before a reader needs
 * the row: each is checked against its object's commitments in the data worker. What is damaged, and what this node should hold of a
 * certified object and does not, is rebuilt (repair.ts). A restart goes on where it was.
 */
import { equalBytes } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { delay } from "../shared/requests.ts";
import type { Catalog } from "./catalog.ts";
import type { BlobLaneDeps } from "./deps.ts";
import { ROW_BYTES } from "./elements.ts";
import type { FindObject } from "./find-object.ts";
import type { HeldRows } from "./held-rows.ts";
import type { BlobObject } from "./object.ts";
import type { Reseed } from "./reseed.ts";
import { decodeRowRecord } from "./row-record.ts";

/** Between two rows at most: a node that holds few is done sooner, and hears soon of those that come. */
const LONGEST_MS = 60_000;
/** As much is read again after a crash. */
const MARK_MS = 600_000;

export type ScrubParts = {
  options: { scrubPeriodMs: number; scrubBytesPerSecond: number };
  deps: Pick<BlobLaneDeps, "clock" | "logger" | "metrics" | "worker" | "signer">;
  catalog: Catalog;
  held: HeldRows;
  findObject: FindObject;
  reseed: Reseed;
  signal: AbortSignal;
};

/** Rejects when the lane stops. */
export async function scrub({ options, deps, catalog, held, findObject, reseed, signal }: ScrubParts): Promise<never> {
  const { clock, logger } = deps;
  const read = deps.metrics.counter("noema_da_rows_scrubbed_total", "Own rows that were read and checked in the background");
  const passes = deps.metrics.counter("noema_da_scrub_passes_total", "Times that all own rows were read in the background");
  let marked = clock.nowMs();
  let ofPass = 1;

  const rest = (rows: number) => {
    const least = (1000 * rows * ROW_BYTES) / options.scrubBytesPerSecond;
    return delay(clock, Math.max(least, Math.min(LONGEST_MS, (options.scrubPeriodMs * rows) / ofPass)), signal);
  };

  async function checkRow(id: Hash, slot: number, object: BlobObject | undefined): Promise<void> {
    const record = await held.read(id, slot);
    if (record === undefined || object === undefined) return;
    const fault = await faultOf(record, object);
    if (fault !== undefined && held.slots(id).includes(slot)) held.lose(id, slot, fault);
    read();
  }

  async function faultOf(record: Bytes, object: BlobObject): Promise<string | undefined> {
    const row = decodeRowRecord(record, object.meta.N);
    try {
      const [fault] = await deps.worker.checkRows(object, [row]);
      return fault;
    } catch (error) {
      logger.log("debug", "a row could not be checked", { error: String(error) }); // of the worker: it says nothing of the row
      return undefined;
    }
  }

  /** What a validator should hold of a certified object that it may never have heard of otherwise. Rebuilding takes R rows of others. */
  async function seed(id: Hash, known: BlobObject | undefined): Promise<void> {
    if (deps.signer === undefined || catalog.entry(id)?.certAt === undefined) return;
    try {
      const object = known ?? (await findObject(id, signal));
      if (object !== undefined && reseed(id, object) > 0) await rest(object.meta.R);
    } catch (error) {
      signal.throwIfAborted();
      logger.log("debug", "an object whose rows are missing could not be found", { error: String(error) });
    }
  }

  async function scrubObject(id: Hash): Promise<void> {
    const object = catalog.object(id);
    const slots = held.slots(id);
    for (const slot of slots) {
      await checkRow(id, slot, object);
      await rest(1);
    }
    await seed(id, object);
    if (slots.length === 0) await rest(1);
    if (clock.nowMs() - marked < MARK_MS) return;
    marked = clock.nowMs();
    await catalog.markScrubbed(id);
  }

  for (let after = catalog.scrubbedTo(); ; after = undefined) {
    ofPass = Math.max(1, catalog.turns());
    for (const id of catalog.ids()) {
      if (after === undefined) await scrubObject(id);
      else if (equalBytes(id, after)) after = undefined;
    }
    if (after === undefined) passes();
    await delay(clock, Math.min(LONGEST_MS, options.scrubPeriodMs), signal);
  }
}
