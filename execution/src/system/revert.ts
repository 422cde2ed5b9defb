/**
 * Kind 8: the state after an earlier height becomes that of this one, and the block that was the newest then is so again. To a snapshot,
 * which with all later ones is gone then; to a number; or, where neither is given, to block 0 with all controls as a new chain has them.
 */
import { blockNumber } from "@noema/core/block-number";
import { equalBytes } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Height } from "@noema/core/ports/bytes";
import { ContainerType, decodeSsz, ListBasicType, UintNumberType } from "@noema/core/types/ssz";
import type { Journal } from "../state/journal.ts";
import { KEPT } from "./control-slots.ts";
import { readKept, readNext, readSnapshot, type Snapshot, writeKept, writeNext, writeSnapshot } from "./controls.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";
import type { Effect, Past, Place } from "./place.ts";

const optionalInt = new ListBasicType(new UintNumberType(8), 1);
const revertType = new ContainerType({ snapshot: optionalInt, number: optionalInt }, { typeName: "RevertOperation" });

export type RevertTo = { snapshot: number } | { number: BlockNumber } | "genesis";

export function encodeRevert(to: RevertTo): Bytes {
  const list = (key: "snapshot" | "number") => (typeof to === "object" && key in to ? [(to as Record<typeof key, number>)[key]] : []);
  return revertType.serialize({ snapshot: list("snapshot"), number: list("number") });
}

/** undefined where both are given. Throws SSZ_INVALID. */
export function decodeRevert(body: Bytes): RevertTo | undefined {
  const { snapshot, number } = decodeSsz(revertType, body);
  if (snapshot[0] !== undefined) return number[0] === undefined ? { snapshot: snapshot[0] } : undefined;
  return number[0] === undefined ? "genesis" : { number: blockNumber(number[0]) };
}

/** It is the first of its height: what is in the journal then is the state before the height. */
export function applyRevert(journal: Journal, to: RevertTo, { timestampMs, isFirst, past }: Place): Effect {
  if (!isFirst) return { outcome: OUTCOME.busy };
  const found = targetOf(journal, to, past);
  if ("outcome" in found) return found;
  const { height, clockMs } = found;
  if (height < past.oldest) return { outcome: OUTCOME.historyGone };
  if (to === "genesis") {
    const { nextSnapshot, resets } = readKept(journal);
    past.restore(journal, height, () => false);
    writeKept(journal, { ...readKept(journal), nextSnapshot, resets: resets + 1 });
  } else {
    past.restore(journal, height, (address) => equalBytes(address, KEPT));
    if ("snapshot" in to) dropSnapshots(journal, to.snapshot, () => true);
    else dropSnapshots(journal, 0, (snapshot) => snapshot.height > height);
  }
  if (clockMs !== undefined) writeNext(journal, { ...readNext(journal), offsetMs: clockMs - BigInt(timestampMs) });
  return { outcome: OUTCOME.done, backTo: typeof to === "object" && "number" in to ? to.number : past.numberAfter(height) };
}

function targetOf(journal: Journal, to: RevertTo, past: Past): { height: Height; clockMs?: bigint } | { outcome: Outcome } {
  if (to === "genesis") return { height: 0 };
  if ("snapshot" in to) return snapshotOf(journal, to.snapshot) ?? { outcome: OUTCOME.snapshotUnknown };
  const height = past.heightOf(to.number);
  return height === undefined ? { outcome: OUTCOME.numberUnknown } : { height };
}

/** No id is above what a number holds exactly; beyond it others have the same slot. */
function snapshotOf(journal: Journal, id: number): Snapshot | undefined {
  return Number.isSafeInteger(id) ? readSnapshot(journal, id) : undefined;
}

/** Those that are meant, from the newest down to an id, or to the first that is not meant: their heights rise with their ids. */
function dropSnapshots(journal: Journal, least: number, isMeant: (snapshot: Snapshot) => boolean): void {
  for (let id = readKept(journal).nextSnapshot - 1; id >= least; id--) {
    const snapshot = readSnapshot(journal, id);
    if (snapshot === undefined) continue;
    if (!isMeant(snapshot)) return;
    writeSnapshot(journal, id, undefined);
  }
}
