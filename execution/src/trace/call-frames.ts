/** The tree of a message's calls, which several tracers render. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { FrameKind, MessageTracer, TraceExit, TraceStart, TraceStep } from "../engine/trace.ts";
import type { Budget } from "./budget.ts";
import { OP } from "./opcodes.ts";
import { memoryAt, operand, slotKey } from "./step-reads.ts";

/** `index`: within the block; `position`: how many calls the frame had made before. */
export type FrameLog = { address: Bytes; topics: Hash[]; data: Bytes; index: number; position: number };
export type CallFrame = {
  kind: FrameKind;
  from: Bytes;
  /** Of a creation: the contract that was made. */
  to?: Bytes;
  value: bigint;
  gas: bigint;
  gasUsed: bigint;
  input: Bytes;
  output: Bytes;
  /** In the words of TraceExit. */
  error?: string;
  precompile: boolean;
  calls: CallFrame[];
  logs: FrameLog[];
};

export type CallFrames = MessageTracer & {
  /** Of the message itself. Its gas and what it used are the EVM's: what it pays before its first opcode is not in them. */
  root(): CallFrame;
  /** The frame that runs. */
  current(): CallFrame | undefined;
};

/** About what the JSON of a frame and of a log has beside their bytes. */
const FRAME_CHARACTERS = 300;
const LOG_CHARACTERS = 150;

export type CallFramesOptions = { onlyTop?: boolean; logs?: boolean; budget: Budget };

export function createCallFrames({ transaction }: TraceStart, { onlyTop = false, logs = false, budget }: CallFramesOptions): CallFrames {
  const open: { frame: CallFrame; firstLog: number }[] = [];
  let root: CallFrame | undefined;
  let depth = 0;
  let nextLog = transaction?.firstLog ?? 0;

  function log(step: TraceStep): void {
    const frame = open.at(-1)?.frame;
    if (frame === undefined || (onlyTop && depth > 1)) return;
    const count = step.opcode - OP.LOG0;
    const length = operand(step, 1);
    budget.spend(LOG_CHARACTERS + 70 * count + 2 * Number(length));
    frame.logs.push({
      address: step.address,
      topics: Array.from({ length: count }, (_, i) => slotKey(operand(step, 2 + i))),
      data: memoryAt(step, operand(step, 0), length),
      index: nextLog,
      position: frame.calls.length,
    });
  }

  function close({ frame, firstLog }: { frame: CallFrame; firstLog: number }, { gasUsed, output, error, created }: TraceExit): void {
    budget.spend(2 * output.length);
    frame.gasUsed = gasUsed;
    frame.output = output.slice();
    if (error === undefined) {
      if (created !== undefined) frame.to = created;
      return;
    }
    frame.error = error;
    nextLog = firstLog;
    if (logs) dropLogs(frame);
  }

  return {
    ...(logs && {
      step(step: TraceStep) {
        if (step.opcode < OP.LOG0 || step.opcode > OP.LOG4 || step.error !== undefined) return;
        log(step);
        nextLog++;
      },
    }),
    enter({ kind, from, to, value, gas, input, precompile = false }) {
      depth++;
      if (onlyTop && depth > 1) return;
      budget.spend(FRAME_CHARACTERS + 2 * input.length);
      const frame: CallFrame = {
        kind,
        from: from.slice(),
        to: to?.slice(),
        value,
        gas,
        gasUsed: 0n,
        input: input.slice(),
        output: new Uint8Array(0),
        precompile,
        calls: [],
        logs: [],
      };
      open.at(-1)?.frame.calls.push(frame);
      root ??= frame;
      open.push({ frame, firstLog: nextLog });
    },
    exit(end) {
      depth--;
      if (onlyTop && depth > 0) return;
      const closed = open.pop();
      if (closed !== undefined) close(closed, end);
    },
    current: () => open.at(-1)?.frame,
    root: () => root as CallFrame,
  };
}

/** What a frame that failed and those below it had logged is as if it had never been. */
function dropLogs(frame: CallFrame): void {
  frame.logs = [];
  frame.calls.forEach(dropLogs);
}
