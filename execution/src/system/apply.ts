/** What enters a height beside transactions, before them: in order, each whole or not at all. */
import { ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { SystemInput } from "../api.ts";
import type { Journal } from "../state/journal.ts";
import { applyOperation } from "./kinds.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";
import type { Effect, Place } from "./place.ts";

/** `value`: what it gave its client (place.ts). */
export type AppliedOperation = { id: Hash; data: Bytes; outcome: Outcome; value?: number };
/** `backTo`: the block that a revert has made the newest again. `blocks`: what the height makes because it was asked to. */
export type Applied = Omit<Effect, "outcome" | "value"> & { operations: AppliedOperation[] };

/** Behind a revert, a load, and what asks for blocks nothing happens in its height. */
export function applyInputs(journal: Journal, inputs: readonly SystemInput[], place: Omit<Place, "isFirst" | "id">): Applied {
  let end: Omit<Effect, "outcome" | "value"> = {};
  const operations = inputs.map(({ id, data }, i): AppliedOperation => {
    if (Object.keys(end).length > 0) return { id, data, outcome: OUTCOME.busy };
    journal.checkpoint();
    const { outcome, value, ...effect } = applyOperation(journal, data, { ...place, id, isFirst: i === 0 });
    end = effect;
    if (outcome === OUTCOME.done) journal.commit();
    else journal.revert();
    return { id, data, outcome, ...(value === undefined ? {} : { value }) };
  });
  return { operations, ...end };
}

/** sha256 over, for each in order, id (32 bytes) then outcome (1 byte); 32 zero bytes when there is none. */
export function systemRoot(operations: readonly AppliedOperation[]): Hash {
  if (operations.length === 0) return ZERO_HASH;
  return sha256(Buffer.concat(operations.flatMap(({ id, outcome }) => [id, Uint8Array.of(outcome)])));
}
