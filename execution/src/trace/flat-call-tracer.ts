/** The calls one after another, in Parity's form (geth, eth/tracers/native/call_flat.go). */

import { to0x } from "@noema/core/bytes";
import * as v from "valibot";
import { type CallFrame, createCallFrames } from "./call-frames.ts";
import { flag, readConfig } from "./config.ts";
import { gethError, parityError } from "./error-words.ts";
import { type FlatFrame, flatFrames } from "./flat-frames.ts";
import type { Tracing } from "./tracer.ts";

const config = v.object({ convertParityErrors: flag, includePrecompiles: flag });

export const flatCallTracer: Tracing = (given) => {
  const { convertParityErrors, includePrecompiles } = readConfig(config, given);
  return (start, { budget, block }) => {
    const frames = createCallFrames(start, { budget });
    let gasUsed = 0n;
    const place = {
      blockHash: block === undefined ? null : to0x(block.hash),
      blockNumber: block?.number ?? 0,
      transactionHash: start.transaction === undefined ? null : to0x(start.transaction.hash),
      transactionPosition: start.transaction?.index ?? 0,
    };
    const render = (frame: FlatFrame) => ({ ...shown(frame, convertParityErrors ? parityError : gethError), ...place });
    return {
      ...frames,
      end(used) {
        gasUsed = used;
      },
      result() {
        const root: CallFrame = { ...frames.root(), gas: start.gas, gasUsed };
        return JSON.stringify(flatFrames(root, includePrecompiles).map(render));
      },
    };
  };
};

/** What reverted answers why; what failed in another way answers nothing. */
function shown({ type, action, result, error, subtraces, traceAddress }: FlatFrame, words: (error: string) => string) {
  return {
    action,
    ...(error === undefined ? {} : { error: words(error) }),
    ...(result === undefined || (error !== undefined && error !== "revert") ? {} : { result }),
    subtraces,
    traceAddress,
    type,
  };
}
