/** evm_mineDetailed, of earlier anvils: the blocks that were made, with their transactions. */
import { blockNumber } from "@noema/core/block-number";
import type { BlockRecord } from "@noema/execution/records";
import { rpcError } from "../errors.ts";
import { renderBlock } from "../ethereum/render-block.ts";
import { renderTransaction } from "../ethereum/render-transaction.ts";
import { BLOCK } from "../ethereum/shapes.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { optional } from "../json-rpc/parsers.ts";
import { list } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { type MineOptions, mineAsAsked, mineOptions, OF_MINING } from "./mining.ts";
import { SIGNING } from "./operate.ts";

/** Each is told whole. */
const MAX_TOLD = 256n;

export function mineDetailedMethod(deps: ControlDeps): Record<string, RpcMethod> {
  const { chain, execution } = deps;

  async function told(number: number): Promise<Record<string, unknown>> {
    const [block, transactions] = await Promise.all([execution.block(blockNumber(number)), execution.transactions(blockNumber(number))]);
    return renderBlock(
      block as BlockRecord,
      transactions.map((tx) => renderTransaction(tx)),
    );
  }

  return {
    evm_mineDetailed: method({
      summary: "makes blocks as evm_mine, and tells each with its transactions",
      params: [["options", optional(mineOptions, {})]],
      result: list(BLOCK, Number(MAX_TOLD)),
      errors: OF_MINING,
      ...SIGNING,
      async run(options: MineOptions) {
        const { blocks = 1n } = options;
        if (blocks > MAX_TOLD)
          throw rpcError("DEV_TOO_MANY_BLOCKS", `${blocks} blocks told whole, at most ${MAX_TOLD}: evm_mine tells none`);
        const before = chain.tags().latest.number;
        await mineAsAsked(deps, options);
        return Promise.all(Array.from({ length: Number(blocks) }, (_, i) => told(before + 1 + i)));
      },
    }),
  };
}
