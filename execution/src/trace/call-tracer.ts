/** The tree of calls (geth, eth/tracers/native/call.go). */
import { to0x } from "@noema/core/bytes";
import * as v from "valibot";
import { type CallFrame, createCallFrames, type FrameLog } from "./call-frames.ts";
import { flag, readConfig } from "./config.ts";
import { gethError } from "./error-words.ts";
import { data, quantity } from "./json.ts";
import { revertReason } from "./revert-reason.ts";
import type { Tracing } from "./tracer.ts";

const config = v.object({ onlyTopCall: flag, withLog: flag });

export const callTracer: Tracing = (given) => {
  const { onlyTopCall, withLog } = readConfig(config, given);
  return (start, { budget }) => {
    const frames = createCallFrames(start, { onlyTop: onlyTopCall, logs: withLog, budget });
    let gasUsed = 0n;
    return {
      ...frames,
      end(used) {
        gasUsed = used;
      },
      result: () => JSON.stringify(renderFrame({ ...frames.root(), gas: start.gas, gasUsed })),
    };
  };
};

export function renderFrame(frame: CallFrame): Record<string, unknown> {
  const { kind, from, gas, gasUsed, to, input, calls, logs, value } = frame;
  return {
    from: to0x(from),
    gas: quantity(gas),
    gasUsed: quantity(gasUsed),
    ...(to === undefined ? {} : { to: to0x(to) }),
    input: data(input),
    ...ending(frame),
    ...(calls.length === 0 ? {} : { calls: calls.map(renderFrame) }),
    ...(logs.length === 0 ? {} : { logs: logs.map(renderLog) }),
    ...(kind === "STATICCALL" ? {} : { value: quantity(value) }),
    type: kind,
  };
}

/** What came of it: what failed answers something only where it reverted. */
function ending({ output, error }: CallFrame): Record<string, string> {
  const shown: Record<string, string> = output.length === 0 ? {} : { output: data(output) };
  if (error === undefined) return shown;
  if (error !== "revert") return { error: gethError(error) };
  const reason = revertReason(output);
  return { ...shown, error: gethError(error), ...(reason === undefined ? {} : { revertReason: reason }) };
}

function renderLog({ address, topics, data: bytes, index, position }: FrameLog): Record<string, unknown> {
  return {
    address: to0x(address),
    topics: topics.map(to0x),
    data: data(bytes),
    index: quantity(index),
    position: quantity(position),
  };
}
