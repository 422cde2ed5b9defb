/** What a method of this node's own traces: a transaction by its hash, or a call at a block. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { CallRequest, MessageTrace, StateOverride } from "@noema/execution/api";
import type { TracerChoice } from "@noema/execution/trace/tracers";
import type { RpcDeps } from "../deps.ts";
import type { Parser } from "../json-rpc/method.ts";
import { hash } from "../json-rpc/parsers.ts";
import { either } from "../json-rpc/schema.ts";
import { type BlockId, createBlockResolver } from "./block-id.ts";
import { callRequest } from "./call-request.ts";
import { traceTransaction } from "./trace-transaction.ts";

type Target = Bytes | CallRequest;

export function transactionOrCall(chainId: number): Parser<Target> {
  const call = callRequest(chainId);
  return { schema: either(hash.schema, call.schema), read: (value, name) => (typeof value === "string" ? hash : call).read(value, name) };
}

/** The tracer's JSON text. Throws as `traceTransaction`. */
export function createTargetTrace(deps: RpcDeps, choice: TracerChoice) {
  const blocks = createBlockResolver(deps);
  return async (target: Target, id: BlockId, overrides: StateOverride[] | undefined): Promise<string> => {
    if (target instanceof Uint8Array) return (await traceTransaction(deps, target, choice)).result;
    const [trace] = await deps.execution.trace({ call: target, at: await blocks.state(id), overrides }, choice);
    return (trace as MessageTrace).result;
  };
}
