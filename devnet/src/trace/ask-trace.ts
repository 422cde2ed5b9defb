import type { Address, Hex } from "viem";
import { devError } from "../errors.ts";
import { askNode } from "./ask-node.ts";

export type TracedLog = { address: Address; topics: [Hex, ...Hex[]] | []; data: Hex; position: Hex };
/** As geth's callTracer tells a frame. */
export type TracedCall = {
  type: string;
  from: Address;
  to?: Address;
  value?: Hex;
  gas: Hex;
  gasUsed: Hex;
  input: Hex;
  output?: Hex;
  error?: string;
  revertReason?: string;
  calls?: TracedCall[];
  logs?: TracedLog[];
};

/** Throws DEV_TRACE_REFUSED, CLI_REQUEST_FAILED. */
export async function askTrace(rpc: string, hash: string): Promise<TracedCall> {
  const params = [hash, { tracer: "callTracer", tracerConfig: { withLog: true } }];
  const { result, error } = await askNode<TracedCall>(rpc, "debug_traceTransaction", params);
  if (result !== undefined) return result;
  throw devError("DEV_TRACE_REFUSED", error?.message ?? "the node answered nothing", { rpc, hash });
}
