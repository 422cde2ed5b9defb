/** What a block asks of the engine for transactions that need more than arithmetic. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { SkipReason } from "../../blocks/skipped.ts";
import type { Candidate, Room } from "../../rules/validity.ts";
import type { Journal } from "../../state/journal.ts";
import type { ExecutedTransaction } from "../engine.ts";
import type { MessageTracer } from "../trace.ts";

/** What a block keeps nothing of. `gasBeforeRefund`: all that it used, the floor counted. */
export type MessageEnd = { output: Bytes; gasBeforeRefund: bigint };

/** Where a transaction stands: the gas of those before it, and the block's fees. `told`: of one that runs code. */
export type Place = { journal: Journal; gasBefore: bigint; room: Room; told?(end: MessageEnd): void };

/** Runs the transactions of one block that need more than arithmetic. */
export type CodeRunner = {
  /** Of a candidate that is valid at its turn. A reason: the engine has a rule of its own against it, and nothing is changed. */
  run(candidate: Candidate, place: Place, tracer?: MessageTracer): Promise<ExecutedTransaction | SkipReason>;
};
