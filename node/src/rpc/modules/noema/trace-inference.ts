/**
 * noema_traceInference: what models did in a transaction, or in a call, layer by layer: operator, time, and SHA-256 of the values that it gave.
 * Hashes are equal at every node; the first that is not says where one computes wrongly.
 */
import { to0x } from "@noema/core/bytes";
import type { RpcDeps } from "../../deps.ts";
import { blockId, LATEST } from "../../ethereum/block-id.ts";
import { stateOverrides } from "../../ethereum/call-request.ts";
import { OF_CALLS, OF_TRACES } from "../../ethereum/error-sets.ts";
import { createTargetTrace, transactionOrCall } from "../../ethereum/trace-target.ts";
import { JsonText, method, type RpcMethod } from "../../json-rpc/method.ts";
import { optional } from "../../json-rpc/parsers.ts";
import { list, mapOf, members, TEXT } from "../../json-rpc/schema.ts";

export function traceInferenceMethods(deps: RpcDeps): Record<string, RpcMethod> {
  const trace = createTargetTrace(deps, { own: "inferences" });
  return {
    noema_traceInference: method({
      summary: "what models did in a transaction or a call, layer by layer: operator, time, SHA-256 of what it gave",
      params: [
        ["transaction hash or call", transactionOrCall(deps.chainId)],
        ["block", optional(blockId, LATEST)],
        ["state overrides", optional(stateOverrides)],
      ],
      result: members({ models: mapOf(TEXT), inferences: list({ type: "object" }) }),
      errors: [...new Set([...OF_CALLS, ...OF_TRACES])],
      async run(target, id, overrides) {
        const inferences = await trace(target, id, overrides);
        const names = Object.fromEntries(deps.models.list().map((model) => [to0x(model.id), model.name]));
        return new JsonText(`{"models":${JSON.stringify(names)},"inferences":${inferences}}`);
      },
    }),
  };
}
