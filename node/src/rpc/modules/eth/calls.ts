import { to0x } from "@noema/core/bytes";
import { atBlock, type BlockId, blockId, isPending } from "../../ethereum/block-id.ts";
import { blockOverride } from "../../ethereum/block-overrides.ts";
import { callRequest, stateOverrides } from "../../ethereum/call-request.ts";
import { OF_CALLS } from "../../ethereum/error-sets.ts";
import { estimateNext } from "../../ethereum/estimate-next.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { nextBlock } from "../../ethereum/next-block.ts";
import { callFailed, rethrowCallError, revertError } from "../../ethereum/revert.ts";
import { ACCESS_LIST } from "../../ethereum/shapes.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { optional } from "../../json-rpc/parsers.ts";
import { DATA, members, QUANTITY, TEXT } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";

const isRevert = (error: string | undefined) => error !== undefined && /revert/i.test(error);

export function callMethods(c: EthContext): Record<string, RpcMethod> {
  const request = ["transaction", callRequest(c.chainId)] as const;
  /** Chooses the state; the environment is the next block's. Without it: the next block's state. */
  const on = ["block", optional(blockId)] as const;
  const overrides = ["state overrides", optional(stateOverrides)] as const;
  const block = ["block overrides", optional(blockOverride)] as const;
  const number = async (id: BlockId | undefined) => (id === undefined || isPending(id) ? undefined : c.blocks.require(id));
  return {
    eth_call: method({
      summary: "what a message gives at a block, without a transaction",
      params: [request, atBlock, overrides, block],
      result: DATA,
      errors: OF_CALLS,
      async run(call, id, over, inBlock) {
        const outcome = await c.execution.call(call, await c.blocks.state(id), over, inBlock);
        if (outcome.ok) return to0x(outcome.output);
        throw isRevert(outcome.error) ? revertError(outcome.output) : callFailed(outcome.error);
      },
    }),
    eth_estimateGas: method({
      summary: "the least gas with which a message succeeds in the next block",
      params: [request, on, overrides, block],
      result: QUANTITY,
      errors: OF_CALLS,
      async run(call, id, over, inBlock) {
        const at = await number(id);
        if (at === undefined && inBlock === undefined) return quantityHex(await estimateNext(c, call, over));
        return quantityHex(await c.execution.estimateGas(call, nextBlock(c), over, at, inBlock).catch(rethrowCallError));
      },
    }),
    eth_createAccessList: method({
      summary: "addresses and slots that a message reads in the next block, and its gas with them named",
      params: [request, on],
      result: members({ accessList: ACCESS_LIST, gasUsed: QUANTITY }, { error: TEXT }),
      errors: OF_CALLS,
      async run(call, id) {
        const found = await c.execution.createAccessList(call, nextBlock(c), await number(id)).catch(rethrowCallError);
        return {
          accessList: found.accessList.map((x) => ({ address: to0x(x.address), storageKeys: x.storageKeys.map(to0x) })),
          gasUsed: quantityHex(found.gasUsed),
          ...(found.error === undefined ? {} : { error: isRevert(found.error) ? "execution reverted" : found.error }),
        };
      },
    }),
  };
}
