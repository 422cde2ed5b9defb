/** What enters a height beside transactions, before them: in order, each whole or not at all. */
import { ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { BlockNumber, Bytes, Hash } from "@noema/core/ports/bytes";
import type { SystemInput } from "../api.ts";
import type { Journal } from "../state/journal.ts";
import { applyOperation } from "./kinds.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";
import type { Place } from "./place.ts";

/** `value`: what it gave its client (place.ts). */
export type AppliedOperation = { id: Hash; data: Bytes; outcome: Outcome; value?: number };
/** `backTo`: the block that a revert has made the newest again. */
export type Applied = { operations: AppliedOperation[]; backTo?: BlockNumber };

/** Behind a revert nothing happens in its height. */
export function applyInputs(journal: Journal, inputs: readonly SystemInput[], place: Omit<Place, "isFirst">): Applied {
  let backTo: BlockNumber | undefined;
  const operations = inputs.map(({ id, data }, i): AppliedOperation => {
    if (backTo !== undefined) return { id, data, outcome: OUTCOME.busy };
    journal.checkpoint();
    const { outcome, value, ...effect } = applyOperation(journal, data, { ...place, isFirst: i === 0 });
    backTo = effect.backTo;
    if (outcome === OUTCOME.done) journal.commit();
    else journal.revert();
    return { id, data, outcome, ...(value === undefined ? {} : { value }) };
  });
  return { operations, backTo };
}

/** sha256 over, for each in order, id (32 bytes) then outcome (1 byte); 32 zero bytes when there is none. */
export function systemRoot(operations: readonly AppliedOperation[]): Hash {
  if (operations.length === 0) return ZERO_HASH;
  return sha256(Buffer.concat(operations.flatMap(({ id, outcome }) => [id, Uint8Array.of(outcome)])));
}
