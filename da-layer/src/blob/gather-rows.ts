/**
 * Good rows of one object, from here and from holders, in waves: those who should hold what is wanted; 300 ms later, or as soon as one of
 * them fails, enough others for any R rows; again 300 ms later everybody for everything, doubted holders with them. Rows of all waves
 * count. A holder that is silent or wrong is doubted from then on, over reads (holders.ts).
 */
import { to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { daError } from "../errors.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { HeldRows } from "./held-rows.ts";
import { type Holder, holdersOf, type Scores } from "./holders.ts";
import type { BlobObject } from "./object.ts";
import { createRowAsks, longestMs, type RowAsks } from "./row-asks.ts";
import { decodeRowRecord } from "./row-record.ts";

const HEDGE_MS = 300;

export type Wanted = {
  object: BlobObject;
  id: Hash;
  /** Data rows; none: any R rows. */
  slots: readonly number[];
  /** Good rows that are at hand. */
  known?: ReadonlyMap<number, Bytes>;
  signal: AbortSignal;
};

/** `liars`: keys (or else peer ids) of holders whose rows did not verify. */
export type Gathered = { rows: ReadonlyMap<number, Bytes>; liars: readonly string[] };

export type GatherParts = { deps: BlobLaneDeps; held: HeldRows; scores: Scores };

/** The wanted rows, or R of any. Throws DA_UNAVAILABLE {rows, needed, of, liars}, DA_OBJECT_INVALID, DA_WORKER_FAILED. */
export function createGathering({ deps, held, scores }: GatherParts): (wanted: Wanted) => Promise<Gathered> {
  const onLie = deps.metrics.counter(
    "noema_da_wrong_rows_total",
    "Answers of holders with a row that does not verify; the log names the key",
  );
  const onHedge = deps.metrics.counter("noema_da_hedged_reads_total", "Reads that asked more holders than those of the wanted rows");

  async function readOwn(id: Hash, N: number, slots: Iterable<number>, good: Map<number, Bytes>): Promise<void> {
    for (const slot of slots) {
      if (good.has(slot)) continue;
      const record = await held.read(id, slot);
      if (record !== undefined) good.set(slot, decodeRowRecord(record, N).row);
    }
  }

  return async ({ object, id, slots, known, signal }) => {
    const { R, N } = object.meta;
    const good = new Map(known);
    const hasWanted = () => slots.length > 0 && slots.every((slot) => good.has(slot));
    const isEnough = () => hasWanted() || good.size >= R;
    await readOwn(id, N, slots, good);
    if (hasWanted()) return { rows: good, liars: [] };

    const asks = createRowAsks({ deps, scores, object, id, good, isEnough, signal, onLie });
    const needsMore = () => !isEnough() && asks.fault() === undefined && !signal.aborted;
    const holders = holdersOf(object, deps);
    const trusted = holders.filter(({ peer }) => !scores.isDoubted(peer));
    try {
      const missing = new Set(slots.filter((slot) => !good.has(slot)));
      for (const holder of trusted) asks.begin(holder, (slot) => missing.delete(slot)); // each from one only
      if (slots.length > 0 && missing.size === 0) await asks.wait(HEDGE_MS, true);
      if (needsMore()) {
        if (slots.length > 0) onHedge();
        await readOwn(id, N, held.slots(id), good);
        const slow = asks.asked();
        const others = trusted.filter(({ peer }) => !slow.has(peer));
        askEvenly(asks, others, R - good.size);
        await asks.wait(HEDGE_MS, true);
      }
      if (needsMore()) {
        for (const holder of holders) asks.begin(holder, () => true);
        await asks.wait(longestMs(N), false);
      }
    } finally {
      asks.end(HEDGE_MS);
    }
    signal.throwIfAborted();
    const liars = asks.liars();
    if (isEnough()) return { rows: good, liars };
    if (asks.fault() !== undefined) throw asks.fault();
    const message = `${good.size} good rows of ${to0x(id)} could be had, ${R} of ${N} are needed`;
    throw daError("DA_UNAVAILABLE", message, { rows: good.size, needed: R, of: N, liars });
  };
}

/** Asks for `rows` rows, of each holder about as many. */
function askEvenly(asks: RowAsks, holders: readonly Holder[], rows: number): void {
  let left = rows;
  for (const [i, holder] of holders.entries()) {
    let share = Math.ceil(left / (holders.length - i));
    left -= asks.begin(holder, () => share-- > 0);
  }
}
