/** trace_filter: the frames of some blocks, of which only those that match leave the reader. */
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import { rpcError } from "../../errors.ts";
import { type BlockResolver, numberOrTag } from "../../ethereum/block-id.ts";
import { OF_TRACES } from "../../ethereum/error-sets.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { address, array, count, object, optional, word } from "../../json-rpc/parsers.ts";
import { list } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { FRAME } from "./shapes.ts";

/** As anvil has it: each is run again. */
const MAX_BLOCKS = 300;
const MAX_FRAMES = 10_000;
const MAX_ADDRESSES = 1024;

const addresses = optional(array(address, MAX_ADDRESSES), []);
const filter = object({
  fromBlock: optional(numberOrTag, { number: blockNumber(0) }, "0x0"),
  toBlock: optional(numberOrTag, { tag: "latest" as const }, "latest"),
  fromAddress: addresses,
  toAddress: addresses,
  mode: optional(word("union", "intersection"), "union"),
  after: optional(count(Number.MAX_SAFE_INTEGER), 0),
  count: optional(count(MAX_FRAMES), MAX_FRAMES),
});

export function filterMethod({ execution }: ModuleDeps, blocks: BlockResolver): RpcMethod {
  return method({
    summary: `the frames of at most ${MAX_BLOCKS} blocks that match, in order`,
    params: [["filter", filter]],
    result: list(FRAME),
    errors: [...OF_TRACES, "RPC_LIMIT"],
    async run({ fromBlock, toBlock, fromAddress, toAddress, mode, after, count: most }) {
      const [from, to] = [await blocks.require(fromBlock), await blocks.require(toBlock)];
      if (from > to) throw invalidParams(`filter: fromBlock ${from} is above toBlock ${to}`);
      if (to - from >= MAX_BLOCKS) throw rpcError("RPC_LIMIT", `${to - from + 1} blocks, at most ${MAX_BLOCKS}`);
      const named = (list: readonly Uint8Array[]) => (list.length === 0 ? undefined : list.map(to0x));
      const config = { from: named(fromAddress), to: named(toAddress), both: mode === "intersection" };
      const found: unknown[] = [];
      let passed = 0;
      for (let n = from; n <= to && found.length < most; n = blockNumber(n + 1))
        for (const { result } of await execution.trace({ block: n }, { own: "parityTraces", config })) {
          const frames: unknown[] = JSON.parse(result);
          const first = Math.max(0, after - passed);
          passed += frames.length;
          for (const frame of frames.slice(first, first + most - found.length)) found.push(frame); // one by one: a stack has no room for all
        }
      return found;
    },
  });
}
