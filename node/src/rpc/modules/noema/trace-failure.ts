/**
 * noema_traceFailure: the stack of a transaction or call that failed, outermost frame first, with each frame's place in its code; null: it
 * did not. Whoever has source maps makes lines of it, as `noema trace --artifacts` does.
 */
import type { RpcDeps } from "../../deps.ts";
import { blockId, LATEST } from "../../ethereum/block-id.ts";
import { stateOverrides } from "../../ethereum/call-request.ts";
import { OF_CALLS, OF_TRACES } from "../../ethereum/error-sets.ts";
import { createTargetTrace, transactionOrCall } from "../../ethereum/trace-target.ts";
import { JsonText, method, type RpcMethod } from "../../json-rpc/method.ts";
import { optional } from "../../json-rpc/parsers.ts";
import { list, nullable } from "../../json-rpc/schema.ts";

export function traceFailureMethods(deps: RpcDeps): Record<string, RpcMethod> {
  const trace = createTargetTrace(deps, { own: "failure" });
  return {
    noema_traceFailure: method({
      summary: "the stack of a transaction or call that failed, outermost frame first; null where it did not fail",
      params: [
        ["transaction hash or call", transactionOrCall(deps.chainId)],
        ["block", optional(blockId, LATEST)],
        ["state overrides", optional(stateOverrides)],
      ],
      result: nullable(list({ type: "object", description: "a frame, with its place in its code" })),
      errors: [...new Set([...OF_CALLS, ...OF_TRACES])],
      run: async (target, id, overrides) => new JsonText(await trace(target, id, overrides)),
    }),
  };
}
