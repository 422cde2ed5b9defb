/**
 * A holder's side of sampling: all cells of a row are made at once (0.3 to 0.9 s of CPU), one row at a time, behind a queue with a share
 * for each asker, and kept, so that a row asked about by many is made once. What does not fit is refused, never waited for in silence.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { createBoundedQueue } from "@noema/core/bounded-queue";
import { toHex } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Metrics } from "@noema/core/ports/metrics";
import type { CellsOfRow } from "../blob/kzg.ts";
import { daError } from "../errors.ts";
import { encodeProvenCell } from "./cells.ts";

/** Rows that wait: some 16 s of work. */
const MAX_WAITING = 32;
/** Of one asker, the one in work not counted. */
const MAX_WAITING_EACH = 8;
/** Rows whose cells are kept: 268 KB each. */
const KEPT_ROWS = 64;

export type CellMaker = {
  /**
   * Proven cells of a row, encoded, in the order of `indices`, which the caller has checked. Throws DA_CELLS_BUSY, and
   * DA_ROW_NOT_HELD where `row` gives none.
   */
  cells(asker: string, id: Hash, slot: number, indices: readonly number[]): Promise<Bytes[]>;
};

export type CellMakerDeps = {
  /** Of the data worker. */
  makeCells(row: Bytes): Promise<CellsOfRow>;
  row(id: Hash, slot: number): Promise<Bytes | undefined>;
  clock: Clock;
  metrics: Metrics;
};

type Job = { asker: string; make(): Promise<void> };

export function createCellMaker({ makeCells, row, clock, metrics }: CellMakerDeps): CellMaker {
  const kept = createBoundedMap<string, Promise<CellsOfRow>>(KEPT_ROWS);
  const queue = createBoundedQueue<Job, "refuse">({
    name: "da_cells",
    bound: MAX_WAITING,
    unit: "items",
    rule: "refuse",
    metrics,
    nowMs: () => clock.nowMs(),
  });
  let working = false;

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job.make();
    working = false;
  }

  async function make(id: Hash, slot: number): Promise<CellsOfRow> {
    const held = await row(id, slot);
    if (held === undefined) throw daError("DA_ROW_NOT_HELD", `row ${slot} is not held here`);
    return makeCells(held);
  }

  function enqueue(asker: string, id: Hash, slot: number): Promise<CellsOfRow> {
    const waiting = [...queue].filter((job) => job.asker === asker).length;
    return new Promise((resolve, reject) => {
      const job = { asker, make: () => make(id, slot).then(resolve, reject) };
      if (waiting < MAX_WAITING_EACH && queue.push(job)) return void work();
      reject(daError("DA_CELLS_BUSY", `${queue.length} rows wait to be cut into cells, ${waiting} of them for who asks`));
    });
  }

  return {
    async cells(asker, id, slot, indices) {
      const key = `${toHex(id)}/${slot}`;
      let made = kept.get(key);
      if (made === undefined) {
        made = enqueue(asker, id, slot);
        made.catch(() => kept.delete(key));
        kept.set(key, made);
      }
      const { cells, proofs } = await made;
      return indices.map((i) => encodeProvenCell({ cell: cells[i]!, proof: proofs[i]! }));
    },
  };
}
