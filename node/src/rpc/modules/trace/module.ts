/** The trace namespace, as OpenEthereum had it and Erigon, reth and anvil have it. */
import type { MessageTrace } from "@noema/execution/api";
import { type BlockId, blockId, createBlockResolver, isPending, LATEST } from "../../ethereum/block-id.ts";
import { callRequest } from "../../ethereum/call-request.ts";
import { traceTransaction } from "../../ethereum/trace-transaction.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { JsonText, method, type Parser, type RpcModule } from "../../json-rpc/method.ts";
import { array, hash, optional, text } from "../../json-rpc/parsers.ts";
import { list, oneOf } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { filterMethod } from "./filter.ts";

const names = array(text(20), 3);
const traceTypes: Parser<string[]> = {
  schema: list(oneOf("trace", "stateDiff"), 3),
  read(value, name) {
    const types = names.read(value, name);
    for (const type of types) {
      if (type === "vmTrace") throw invalidParams(`${name}: no vmTrace here; debug_traceTransaction tells each opcode`);
      if (type !== "trace" && type !== "stateDiff") throw invalidParams(`${name}: expected "trace" or "stateDiff"`);
    }
    return types;
  },
};

export function createTraceModule(deps: ModuleDeps): RpcModule {
  const { execution, chainId } = deps;
  const blocks = createBlockResolver(deps);
  const types = ["trace types", traceTypes] as const;
  const replay = (config: string[]) => ({ own: "parityReplay", config: { types: config } }) as const;
  const ofBlock = async (id: BlockId) =>
    isPending(id) ? [] : joined(await execution.trace({ block: await blocks.require(id) }, { own: "parityTraces" }));
  return {
    name: "trace",
    methods: {
      trace_transaction: method([["hash", hash]], async (h) => {
        const [trace] = await execution.trace({ transaction: h }, { own: "parityTraces" });
        return trace && new JsonText(trace.result);
      }),
      trace_block: method([["block", blockId]], ofBlock),
      trace_filter: filterMethod(deps, blocks),
      trace_call: method([["transaction", callRequest(chainId)], types, ["block", optional(blockId, LATEST)]], async (call, chosen, id) => {
        const [trace] = await execution.trace({ call, at: await blocks.state(id) }, replay(chosen));
        return new JsonText((trace as MessageTrace).result);
      }),
      trace_replayTransaction: method([["hash", hash], types], async (h, chosen) => {
        const { result } = await traceTransaction(deps, h, replay(chosen));
        return new JsonText(result);
      }),
      trace_replayBlockTransactions: method([["block", blockId], types], async (id, chosen) => {
        const traces = await execution.trace({ block: await blocks.require(id) }, replay(chosen));
        return new JsonText(`[${traces.map((x) => x.result).join(",")}]`);
      }),
    },
  };
}

/** One list of the lists of all transactions. */
function joined(traces: readonly MessageTrace[]): JsonText {
  const inner = traces.map((x) => x.result.slice(1, -1)).filter((x) => x.length > 0);
  return new JsonText(`[${inner.join(",")}]`);
}
