/** What enters a height beside transactions, before them: in order, each whole or not at all. */
import { ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { SystemInput } from "../api.ts";
import type { Journal } from "../state/journal.ts";
import { applyOperation } from "./kinds.ts";
import type { Moment } from "./moment.ts";
import { OUTCOME, type Outcome } from "./outcomes.ts";

export type AppliedOperation = { id: Hash; data: Bytes; outcome: Outcome };

export function applyInputs(journal: Journal, inputs: readonly SystemInput[], moment: Moment): AppliedOperation[] {
  return inputs.map(({ id, data }) => {
    journal.checkpoint();
    const outcome = applyOperation(journal, data, moment);
    if (outcome === OUTCOME.done) journal.commit();
    else journal.revert();
    return { id, data, outcome };
  });
}

/** sha256 over, for each in order, id (32 bytes) then outcome (1 byte); 32 zero bytes when there is none. */
export function systemRoot(operations: readonly AppliedOperation[]): Hash {
  if (operations.length === 0) return ZERO_HASH;
  return sha256(Buffer.concat(operations.flatMap(({ id, outcome }) => [id, Uint8Array.of(outcome)])));
}
