/** What Otterscan's API says of a transaction (as Otterscan documents its custom methods): its calls, and what moved beside them. */
import { to0x } from "@noema/core/bytes";
import * as v from "valibot";
import { type CallFrame, createCallFrames } from "./call-frames.ts";
import { readConfig } from "./config.ts";
import { data, quantity } from "./json.ts";
import type { Tracing } from "./tracer.ts";

/** Depth first; a contract's end has no input and no output. */
export const otterscanCalls: Tracing = () => (start, context) => {
  const frames = createCallFrames(start, context);
  return { ...frames, result: () => JSON.stringify([...walk(frames.root())].map(({ frame, depth }) => call(frame, depth))) };
};

const [TRANSFER, SELF_DESTRUCT, CREATE, CREATE2] = [0, 1, 2, 3];

/** Of frames below the first that did not fail, those that moved value, made a contract or ended one. */
export const otterscanOperations: Tracing = () => (start, context) => {
  const frames = createCallFrames(start, context);
  return { ...frames, result: () => JSON.stringify([...walk(frames.root(), true)].flatMap(({ frame, depth }) => operation(frame, depth))) };
};

/** Whether an address is part of it. */
export const mentions: Tracing = (given) => {
  const { address } = readConfig(v.object({ address: v.string() }), given);
  return (start, context) => {
    const frames = createCallFrames(start, context);
    const named = ({ from, to }: CallFrame) => to0x(from) === address || (to !== undefined && to0x(to) === address);
    return { ...frames, result: () => String([...walk(frames.root())].some(({ frame }) => named(frame))) };
  };
};

/** Which contracts it made, with who made each. */
export const creations: Tracing = () => (start, context) => {
  const frames = createCallFrames(start, context);
  return {
    ...frames,
    result: () => {
      const made = [...walk(frames.root(), true)].filter(({ frame }) => frame.kind === "CREATE" || frame.kind === "CREATE2");
      return JSON.stringify(made.map(({ frame }) => ({ contract: to0x(frame.to ?? new Uint8Array(0)), creator: to0x(frame.from) })));
    },
  };
};

/** `kept`: without what failed, and what is below it, but with calls of precompiles, which can be given value. */
function* walk(frame: CallFrame, kept = false, depth = 0): Generator<{ frame: CallFrame; depth: number }> {
  if (kept && frame.error !== undefined) return;
  yield { frame, depth };
  for (const below of frame.calls) if (kept || !below.precompile) yield* walk(below, kept, depth + 1);
}

function call({ kind, from, to, value, input, output }: CallFrame, depth: number): Record<string, unknown> {
  const moved = kind === "DELEGATECALL" || kind === "STATICCALL" ? null : quantity(value);
  return {
    type: kind,
    depth,
    from: to0x(from),
    to: to === undefined ? null : to0x(to),
    value: moved,
    input: data(input),
    output: data(output),
  };
}

function operation({ kind, from, to, value }: CallFrame, depth: number): Record<string, unknown>[] {
  const entry = (type: number | undefined) => [{ type, from: to0x(from), to: to0x(to ?? new Uint8Array(20)), value: quantity(value) }];
  if (kind === "SELFDESTRUCT") return entry(SELF_DESTRUCT);
  if (depth === 0) return [];
  if (kind === "CREATE") return entry(CREATE);
  if (kind === "CREATE2") return entry(CREATE2);
  return kind === "CALL" && value > 0n ? entry(TRANSFER) : [];
}
