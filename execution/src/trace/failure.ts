/**
 * Why a message failed, as a stack: its frames from the outermost to the one where it began, each with the place in its code. A frame whose
 * caller took the failure and failed for another reason is not in it. `pc`: of the call of the next frame, of the last its last opcode;
 * `jumps`: those taken until then, in order, from which source maps tell the functions that were entered and left.
 */
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { TraceEnter, TraceStep } from "../engine/trace.ts";
import { gethError } from "./error-words.ts";
import { data } from "./json.ts";
import { OP } from "./opcodes.ts";
import { operand } from "./step-reads.ts";
import type { Tracing } from "./tracer.ts";

/** Of a frame: what loops jump more is told without. */
const MAX_JUMPS = 20_000;
const FRAME_CHARACTERS = 400;
const JUMP_CHARACTERS = 7;

type Open = { enter: TraceEnter; pc: number; jumps: number[]; inner?: Failed };
type Place = { pc: number; jumps: readonly number[] };
type Failed = Place & { enter: TraceEnter; error: string; output: Bytes; inner?: Failed; calledAt?: Place };

export const failure: Tracing =
  () =>
  (_, { budget }) => {
    const open: Open[] = [];
    let root: Failed | undefined;

    const placeOf = (frame: Open | undefined): Place | undefined => frame && { pc: frame.pc, jumps: frame.jumps.slice() };

    return {
      step(step) {
        const frame = open.at(-1);
        if (frame === undefined) return;
        frame.pc = step.pc;
        if (jumps(step) && frame.jumps.length <= MAX_JUMPS) frame.jumps.push(step.pc);
      },
      enter(enter) {
        budget.spend(FRAME_CHARACTERS + 2 * enter.input.length);
        const { from, to, input } = enter;
        open.push({ enter: { ...enter, from: from.slice(), to: to?.slice(), input: input.slice() }, pc: 0, jumps: [] });
      },
      exit({ error, output }) {
        const frame = open.pop();
        const caller = open.at(-1);
        if (frame === undefined) return;
        const failed = error === undefined ? undefined : { ...frame, error, output: output.slice(), calledAt: placeOf(caller) };
        if (caller === undefined) root = failed;
        else caller.inner = failed;
      },
      result: () => JSON.stringify(root === undefined ? null : rendered(root)),
    };

    function rendered(outermost: Failed): unknown[] {
      const frames: unknown[] = [];
      for (let failed: Failed | undefined = outermost; failed !== undefined; ) {
        const inner = passedOn(failed);
        const { pc, jumps: taken } = inner?.calledAt ?? failed;
        const whole = taken.length <= MAX_JUMPS;
        if (whole) budget.spend(JUMP_CHARACTERS * taken.length + 2 * failed.output.length);
        const { kind, from, to, input } = failed.enter;
        frames.push({
          type: kind,
          from: to0x(from),
          ...(to && { to: to0x(to) }),
          input: data(input),
          error: gethError(failed.error),
          output: data(failed.output),
          pc,
          ...(whole && { jumps: taken }),
        });
        failed = inner;
      }
      return frames;
    }
  };

function jumps(step: TraceStep): boolean {
  if (step.error !== undefined) return false;
  return step.opcode === OP.JUMP || (step.opcode === OP.JUMPI && operand(step, 1) !== 0n);
}

/** What the last call failed with is what its caller failed with, or the caller said nothing of its own. */
function passedOn({ inner, output }: Failed): Failed | undefined {
  if (inner === undefined) return undefined;
  return output.length === 0 || Buffer.compare(output, inner.output) === 0 ? inner : undefined;
}
