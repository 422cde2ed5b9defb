/** trace_*: the frames of a transaction as Parity listed them (OpenEthereum's trace module), with their place in the chain. */
import { to0x } from "@noema/core/bytes";
import * as v from "valibot";
import type { TraceStart } from "../engine/trace.ts";
import { createCallFrames } from "./call-frames.ts";
import { readConfig } from "./config.ts";
import { parityError } from "./error-words.ts";
import { type FlatFrame, flatFrames } from "./flat-frames.ts";
import type { TraceContext, Tracing } from "./tracer.ts";

const addresses = v.optional(v.array(v.string()));
/** Frames that none of these senders sent or none of these recipients got are left out; addresses in lower case. Absent: any. */
const config = v.object({ from: addresses, to: addresses, both: v.optional(v.boolean(), false) });
type Filter = v.InferOutput<typeof config>;

export const parityTraces: Tracing = (given) => {
  const filter = readConfig(config, given);
  return (start, context) => {
    const frames = createCallFrames(start, context);
    const place = placeOf(start, context);
    return {
      ...frames,
      result() {
        const kept = flatFrames(frames.root(), false).filter((frame) => matches(frame, filter));
        return JSON.stringify(kept.map((frame) => ({ ...parityFrame(frame), ...place })));
      },
    };
  };
};

/** What reverted answers why; nothing comes of what failed in another way, and of a contract's end. */
export function parityFrame({ type, action, result, error, subtraces, traceAddress }: FlatFrame): Record<string, unknown> {
  const failed = error !== undefined && error !== "revert";
  return {
    action,
    ...(error === undefined ? {} : { error: parityError(error) }),
    result: failed ? null : (result ?? null),
    subtraces,
    traceAddress,
    type,
  };
}

function placeOf({ transaction }: TraceStart, { block }: TraceContext): Record<string, unknown> {
  if (block === undefined || transaction === undefined) return {};
  return {
    blockHash: to0x(block.hash),
    blockNumber: block.number,
    transactionHash: to0x(transaction.hash),
    transactionPosition: transaction.index,
  };
}

function matches({ action, result }: FlatFrame, { from, to, both }: Filter): boolean {
  if (from === undefined && to === undefined) return true;
  const sent = from?.includes(action.from ?? action.address ?? "");
  const got = to?.includes(action.to ?? action.refundAddress ?? result?.address ?? "");
  return both ? sent !== false && got !== false : sent === true || got === true;
}
