/** The trace namespace, as OpenEthereum had it and Erigon, reth and anvil have it. */
import type { MessageTrace } from "@noema/execution/api";
import { atBlock, type BlockId, blockId, createBlockResolver, isPending } from "../../ethereum/block-id.ts";
import { callRequest } from "../../ethereum/call-request.ts";
import { OF_CALLS, OF_TRACES } from "../../ethereum/error-sets.ts";
import { traceTransaction } from "../../ethereum/trace-transaction.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { JsonText, method, type Parser, type RpcModule } from "../../json-rpc/method.ts";
import { array, hash, text } from "../../json-rpc/parsers.ts";
import { list, nullable, oneOf } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { filterMethod } from "./filter.ts";
import { FRAME, NAMED_REPLAY, REPLAY } from "./shapes.ts";

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
      trace_transaction: method({
        summary: "the frames of a transaction; null where it is in no block",
        params: [["hash", hash]],
        result: nullable(list(FRAME)),
        errors: OF_TRACES,
        async run(h) {
          const [trace] = await execution.trace({ transaction: h }, { own: "parityTraces" });
          return trace && new JsonText(trace.result);
        },
      }),
      trace_block: method({
        summary: "the frames of all transactions of a block",
        params: [["block", blockId]],
        result: list(FRAME),
        errors: OF_TRACES,
        run: ofBlock,
      }),
      trace_filter: filterMethod(deps, blocks),
      trace_call: method({
        summary: "what a call would do at a block",
        params: [["transaction", callRequest(chainId)], types, atBlock],
        result: REPLAY,
        errors: [...OF_TRACES, ...OF_CALLS],
        async run(call, chosen, id) {
          const [trace] = await execution.trace({ call, at: await blocks.state(id) }, replay(chosen));
          return new JsonText((trace as MessageTrace).result);
        },
      }),
      trace_replayTransaction: method({
        summary: "a transaction, run again",
        params: [["hash", hash], types],
        result: REPLAY,
        errors: [...OF_TRACES, "RPC_TRANSACTION_UNKNOWN"],
        async run(h, chosen) {
          const { result } = await traceTransaction(deps, h, replay(chosen));
          return new JsonText(result);
        },
      }),
      trace_replayBlockTransactions: method({
        summary: "all transactions of a block, run again",
        params: [["block", blockId], types],
        result: list(NAMED_REPLAY),
        errors: OF_TRACES,
        async run(id, chosen) {
          const traces = await execution.trace({ block: await blocks.require(id) }, replay(chosen));
          return new JsonText(`[${traces.map((x) => x.result).join(",")}]`);
        },
      }),
    },
  };
}

/** One list of the lists of all transactions. */
function joined(traces: readonly MessageTrace[]): JsonText {
  const inner = traces.map((x) => x.result.slice(1, -1)).filter((x) => x.length > 0);
  return new JsonText(`[${inner.join(",")}]`);
}
