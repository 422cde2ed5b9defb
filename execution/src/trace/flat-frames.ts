/** A tree of calls as a list, depth first: what Parity's traces and geth's flatCallTracer share. */
import { to0x } from "@noema/core/bytes";
import type { CallFrame } from "./call-frames.ts";
import { data, quantity } from "./json.ts";

export type FlatFrame = {
  type: "call" | "create" | "suicide";
  action: Record<string, string>;
  /** Absent where nothing can come of it. */
  result?: Record<string, string>;
  /** In the words of TraceExit. */
  error?: string;
  subtraces: number;
  traceAddress: readonly number[];
};

/** `precompiles`: calls of them, too, which Parity does not show but as the first of all. */
export function flatFrames(root: CallFrame, precompiles: boolean): FlatFrame[] {
  const out: FlatFrame[] = [];
  const visit = (frame: CallFrame, traceAddress: readonly number[]) => {
    const calls = precompiles ? frame.calls : frame.calls.filter((x) => !(x.precompile && (x.kind === "CALL" || x.kind === "STATICCALL")));
    out.push({ ...flat(frame), subtraces: calls.length, traceAddress });
    for (const [i, call] of calls.entries()) visit(call, [...traceAddress, i]);
  };
  visit(root, []);
  return out;
}

function flat({ kind, from, to, value, gas, gasUsed, input, output, error }: CallFrame): Omit<FlatFrame, "subtraces" | "traceAddress"> {
  const failed = error === undefined ? {} : { error };
  const used = { gasUsed: quantity(gasUsed) };
  const who: Record<string, string> = { from: to0x(from), gas: quantity(gas) };
  const address = to === undefined ? undefined : to0x(to);
  if (kind === "SELFDESTRUCT")
    return { type: "suicide", action: { address: to0x(from), balance: quantity(value), refundAddress: address ?? "" }, ...failed };
  if (kind === "CREATE" || kind === "CREATE2") {
    const action = { creationMethod: kind.toLowerCase(), ...who, init: data(input), value: quantity(value) };
    return { type: "create", action, result: { ...used, ...(address && { address }), code: data(output) }, ...failed };
  }
  const action = { ...who, ...(address && { to: address }), value: quantity(value), callType: kind.toLowerCase(), input: data(input) };
  return { type: "call", action, result: { ...used, output: data(output) }, ...failed };
}
