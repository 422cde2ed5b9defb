/** What was executed, run again with a tracer. */
import { to0x } from "@noema/core/bytes";
import type { MessageTrace, StateOverride } from "@noema/execution/api";
import type { TracerChoice } from "@noema/execution/trace/tracers";
import { atBlock, type BlockId, createBlockResolver, numberOrTag } from "../../ethereum/block-id.ts";
import { callRequest, stateOverrides } from "../../ethereum/call-request.ts";
import { OF_CALLS, OF_TRACERS } from "../../ethereum/error-sets.ts";
import { traceOptions } from "../../ethereum/trace-options.ts";
import { traceTransaction } from "../../ethereum/trace-transaction.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { JsonText, method, type Parser, type RpcMethod } from "../../json-rpc/method.ts";
import { anything, hash, object, optional } from "../../json-rpc/parsers.ts";
import { ANYTHING, HASH, list, members, noted } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";

const TRACE = noted(ANYTHING, "what the tracer makes");
const TRACES = list(members({ txHash: HASH, result: TRACE }));
const withOverrides = object({ stateOverrides: optional(stateOverrides), blockOverrides: anything });

/** geth's TraceCallConfig. */
const callTraceOptions: Parser<TracerChoice & { overrides?: StateOverride[] }> = {
  schema: { type: "object", properties: { ...traceOptions.schema.properties, stateOverrides: stateOverrides.schema } },
  read(value, name) {
    const { stateOverrides: overrides, blockOverrides } = withOverrides.read(value, name);
    if (blockOverrides !== undefined && blockOverrides !== null) throw invalidParams(`${name}.blockOverrides: not supported here`);
    return { ...traceOptions.read(value, name), overrides };
  },
};

export function traceMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  const { execution, chainId } = deps;
  const blocks = createBlockResolver(deps);
  const options = ["options", optional(traceOptions, {})] as const;
  const block = async (id: BlockId, choice: TracerChoice) => listed(await execution.trace({ block: await blocks.require(id) }, choice));
  return {
    debug_traceTransaction: method({
      summary: "a transaction, run again with a tracer",
      params: [["hash", hash], options],
      result: TRACE,
      errors: [...OF_TRACERS, "RPC_TRANSACTION_UNKNOWN"],
      async run(h, choice) {
        const { result } = await traceTransaction(deps, h, choice);
        return new JsonText(result);
      },
    }),
    debug_traceCall: method({
      summary: "a call at a block, run with a tracer",
      params: [["transaction", callRequest(chainId)], atBlock, ["options", optional(callTraceOptions)]],
      result: TRACE,
      errors: [...OF_TRACERS, ...OF_CALLS],
      async run(call, id, given) {
        const { overrides, ...choice } = given ?? {};
        const [trace] = await execution.trace({ call, at: await blocks.state(id), overrides }, choice);
        return new JsonText((trace as MessageTrace).result);
      },
    }),
    debug_traceBlockByNumber: method({
      summary: "all transactions of a block, run again with a tracer",
      params: [["block", numberOrTag], options],
      result: TRACES,
      errors: OF_TRACERS,
      run: block,
    }),
    debug_traceBlockByHash: method({
      summary: "all transactions of a block by its hash, run again with a tracer",
      params: [["block hash", hash], options],
      result: TRACES,
      errors: OF_TRACERS,
      run: (h, choice) => block({ hash: h }, choice),
    }),
  };
}

/** `{txHash, result}` of each transaction. */
function listed(traces: readonly MessageTrace[]): JsonText {
  const entries = traces.map(({ transaction, result }) => `{"txHash":"${to0x(transaction as Uint8Array)}","result":${result}}`);
  return new JsonText(`[${entries.join(",")}]`);
}
