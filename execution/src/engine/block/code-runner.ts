/** What a block asks of the engine for transactions that need more than arithmetic. */
import type { SkipReason } from "../../blocks/skipped.ts";
import type { Candidate, Room } from "../../rules/validity.ts";
import type { Journal } from "../../state/journal.ts";
import type { ExecutedTransaction } from "../engine.ts";
import type { MessageTracer } from "../trace.ts";

/** Where a transaction stands: the gas of those before it, and the block's fees. */
export type Place = { journal: Journal; gasBefore: bigint; room: Room };

/** Runs the transactions of one block that need more than arithmetic. */
export type CodeRunner = {
  /** Of a candidate that is valid at its turn. A reason: the engine has a rule of its own against it, and nothing is changed. */
  run(candidate: Candidate, place: Place, tracer?: MessageTracer): Promise<ExecutedTransaction | SkipReason>;
};
