/** What a block asks of the engine for transactions that need more than arithmetic. */
import type { SkipReason } from "../../blocks/skipped.ts";
import type { Candidate } from "../../rules/validity.ts";
import type { ExecutedTransaction } from "../engine.ts";
import type { MessageTracer } from "../trace.ts";
import type { Place } from "./place.ts";

/** Runs the transactions of one block that need more than arithmetic. */
export type CodeRunner = {
  /** Of a candidate that is valid at its turn. A reason: the engine has a rule of its own against it, and nothing is changed. */
  run(candidate: Candidate, place: Place, tracer?: MessageTracer): Promise<ExecutedTransaction | SkipReason>;
};
