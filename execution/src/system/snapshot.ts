/** Kind 7, without a body: the state after this height gets an id, by which one revert finds it. */
import type { Journal } from "../state/journal.ts";
import { readKept, readNext, writeKept, writeSnapshot } from "./controls.ts";
import { OUTCOME } from "./outcomes.ts";
import type { Effect, Place } from "./place.ts";

/** `value`: its id, which no other snapshot of this chain has, had, or will have. */
export function applySnapshot(journal: Journal, { height, timestampMs }: Pick<Place, "height" | "timestampMs">): Effect {
  const kept = readKept(journal);
  const clockMs = BigInt(timestampMs) + readNext(journal).offsetMs;
  writeSnapshot(journal, kept.nextSnapshot, { height, clockMs: clockMs < 0n ? 0n : clockMs });
  writeKept(journal, { ...kept, nextSnapshot: kept.nextSnapshot + 1 });
  return { outcome: OUTCOME.done, value: kept.nextSnapshot };
}
