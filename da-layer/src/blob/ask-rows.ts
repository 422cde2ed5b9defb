/** Rows from one holder, each checked as a receiver checks it before it counts. */

import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Peer } from "@noema/core/ports/network";
import { daError } from "../errors.ts";
import type { RowWithPath } from "./chunk-tree.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { BlobObject } from "./object.ts";
import { readRowRecords, rowRecordBytes } from "./row-record.ts";
import { METHODS, rowsRequestType } from "./wire.ts";

/** Checked together. */
const GROUP = 8;

export type RowsAsked = { peer: Peer; object: BlobObject; id: Hash; slots: readonly number[] };

/**
 * Calls `onRow` with each good row. Throws DA_ROW_MISMATCH at the first that is wrong, DA_HOLDER_SILENT when nothing comes for
 * `silenceMs` after so many chunks, DA_FRAME_INVALID, and what the network, the worker and the signal throw.
 */
export async function askRows(
  { network, clock, worker }: Pick<BlobLaneDeps, "network" | "clock" | "worker">,
  { peer, object, id, slots }: RowsAsked,
  silenceMs: (chunks: number) => number,
  onRow: (slot: number, row: Bytes) => void,
  signal: AbortSignal,
): Promise<void> {
  const { N } = object.meta;
  const wanted = new Set(slots);
  const wrong = (slot: number, why: string) =>
    daError("DA_ROW_MISMATCH", `row ${slot} from ${peer.publicKey ?? peer.id}: ${why}`, { slot });
  let group: RowWithPath[] = [];
  const flush = async () => {
    const faults = await worker.checkRows(object, group);
    for (const [i, { slot, row }] of group.entries()) if (faults[i] === undefined) onRow(slot, row);
    const bad = faults.findIndex((fault) => fault !== undefined);
    if (bad >= 0) throw wrong(group[bad]!.slot, faults[bad]!);
    group = [];
  };
  const body = rowsRequestType.serialize({ id, slots: [...slots] });
  const answer = network.request(peer.id, METHODS.rows.name, body, slots.length * rowRecordBytes(N), signal);
  for await (const row of readRowRecords(unlessSilent(answer, clock, silenceMs), N)) {
    if (!wanted.delete(row.slot)) throw wrong(row.slot, "not asked for");
    if (group.push(row) === GROUP) await flush();
  }
  if (group.length > 0) await flush();
}

/** The chunks; throws DA_HOLDER_SILENT when the next is not there after `silenceMs`. */
async function* unlessSilent(chunks: AsyncIterable<Bytes>, clock: Clock, silenceMs: (chunks: number) => number): AsyncIterable<Bytes> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (let chunks = 0; ; chunks++) {
      const next = iterator.next();
      const chunk = await new Promise<IteratorResult<Bytes>>((resolve, reject) => {
        const ms = silenceMs(chunks);
        // what came while this process was busy itself is read first: timers run before sockets
        const cancel = clock.after(ms, () => setImmediate(() => reject(daError("DA_HOLDER_SILENT", `nothing for ${ms} ms`))));
        next.then(resolve, reject).finally(cancel);
      });
      if (chunk.done) return;
      yield chunk.value;
    }
  } finally {
    iterator.return?.()?.catch(() => {}); // not waited for: it may hang where the answer does
  }
}
