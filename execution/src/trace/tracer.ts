/**
 * Tracers: pure folds over what the engine tells of a message (engine/trace.ts). One file each; what a client can name stands in
 * tracers.ts. Their JSON is go-ethereum's (eth/tracers/native and eth/tracers/logger) where nothing else is said.
 */
import type { BlockNumber, Hash } from "@noema/core/ports/bytes";
import type { MessageTracer, TraceStart } from "../engine/trace.ts";
import type { Fork } from "../rules/forks.ts";
import type { Budget } from "./budget.ts";

export type TraceContext = {
  fork: Fork;
  /** What the answer may still hold. */
  budget: Budget;
  /** Of a transaction that is in one. */
  block?: { number: BlockNumber; hash: Hash };
};

export interface Fold extends MessageTracer {
  /** JSON text, once the message has ended. */
  result(): string;
}

/** Begins a fold for each message. */
export type BeginFold = (start: TraceStart, context: TraceContext) => Fold;

/** Throws TRACE_CONFIG_INVALID, TRACE_TRACER_UNKNOWN. `config`: as JSON has it; undefined: the defaults. */
export type Tracing = (config: unknown) => BeginFold;
