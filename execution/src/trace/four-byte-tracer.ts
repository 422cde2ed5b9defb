/** How often each selector was called with how many bytes of arguments (geth, eth/tracers/native/4byte.go). */
import { to0x } from "@noema/core/bytes";
import type { Tracing } from "./tracer.ts";

const CALLS: readonly string[] = ["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"];

export const fourByteTracer: Tracing =
  () =>
  (_, { budget }) => {
    const counts = new Map<string, number>();
    return {
      enter({ kind, input, precompile }) {
        if (input.length < 4 || precompile || !CALLS.includes(kind)) return;
        const id = `${to0x(input.subarray(0, 4))}-${input.length - 4}`;
        if (!counts.has(id)) budget.spend(id.length + 12);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      },
      result: () => JSON.stringify(Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))),
    };
  };
