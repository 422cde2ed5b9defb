/** eth_callMany, as erigon and reth have it: bundles of calls one after another, each on what the one before has left. */
import { to0x } from "@noema/core/bytes";
import type { SimulatedCall } from "@noema/execution/api";
import { blockId, LATEST } from "../../ethereum/block-id.ts";
import { blockOverride } from "../../ethereum/block-overrides.ts";
import { callRequest, limitCalls, stateOverrides } from "../../ethereum/call-request.ts";
import { OF_CALLS } from "../../ethereum/error-sets.ts";
import { revertError } from "../../ethereum/revert.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { anything, array, object, optional } from "../../json-rpc/parsers.ts";
import { DATA, list, members, TEXT } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";

const MAX_BUNDLES = 100;
const MAX_CALLS = 1000;

function shown({ ok, output, error }: SimulatedCall): Record<string, string> {
  if (ok) return { value: to0x(output) };
  return { error: error === "revert" ? revertError(output).body.message : (error ?? "failed") };
}

export function callManyMethods(c: EthContext): Record<string, RpcMethod> {
  const bundle = object({
    transactions: array(callRequest(c.chainId), MAX_CALLS),
    blockOverride: optional(blockOverride, {}),
  });
  const context = object({ blockNumber: optional(blockId, LATEST), transactionIndex: anything });
  return {
    eth_callMany: method({
      summary: "bundles of calls one after another, each on what the one before has left",
      params: [
        ["bundles", limitCalls(array(bundle, MAX_BUNDLES), "transactions")],
        ["context", optional(context)],
        ["state overrides", optional(stateOverrides, [])],
        ["timeout", anything], // the node has its own
      ],
      result: list(list(members({}, { value: DATA, error: TEXT }))),
      errors: OF_CALLS,
      async run(bundles, at, overrides) {
        const { blockNumber = LATEST, transactionIndex } = at ?? {};
        if (transactionIndex !== undefined && transactionIndex !== null && transactionIndex !== -1)
          throw invalidParams("context.transactionIndex: only -1, the state after the block, is known here");
        if (bundles.length === 0) throw invalidParams("bundles: there is none");
        const blocks = bundles.map(({ transactions, blockOverride }, i) => ({
          block: blockOverride,
          state: i === 0 ? overrides : [],
          calls: transactions,
        }));
        const simulation = { blocks, validation: false, transfers: false };
        const done = await c.execution.simulate(simulation, await c.blocks.require(blockNumber));
        return done.slice(-bundles.length).map(({ calls }) => calls.map(shown));
      },
    }),
  };
}
