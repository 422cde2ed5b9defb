import { to0x } from "@noema/core/bytes";
import { type BlockId, blockId, isPending, LATEST } from "../../ethereum/block-id.ts";
import { blockOverride } from "../../ethereum/block-overrides.ts";
import { callRequest, stateOverrides } from "../../ethereum/call-request.ts";
import { estimateNext } from "../../ethereum/estimate-next.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { nextBlock } from "../../ethereum/next-block.ts";
import { callFailed, rethrowCallError, revertError } from "../../ethereum/revert.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { optional } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";

const isRevert = (error: string | undefined) => error !== undefined && /revert/i.test(error);

export function callMethods(c: EthContext): Record<string, RpcMethod> {
  const request = ["transaction", callRequest(c.chainId)] as const;
  const at = ["block", optional(blockId, LATEST)] as const;
  /** Chooses the state; the environment is the next block's. Without it: the next block's state. */
  const on = ["block", optional(blockId)] as const;
  const overrides = ["state overrides", optional(stateOverrides)] as const;
  const block = ["block overrides", optional(blockOverride)] as const;
  const number = async (id: BlockId | undefined) => (id === undefined || isPending(id) ? undefined : c.blocks.require(id));
  return {
    eth_call: method([request, at, overrides, block], async (call, id, over, inBlock) => {
      const outcome = await c.execution.call(call, await c.blocks.state(id), over, inBlock);
      if (outcome.ok) return to0x(outcome.output);
      throw isRevert(outcome.error) ? revertError(outcome.output) : callFailed(outcome.error);
    }),
    eth_estimateGas: method([request, on, overrides, block], async (call, id, over, inBlock) => {
      const at = await number(id);
      if (at === undefined && inBlock === undefined) return quantityHex(await estimateNext(c, call, over));
      return quantityHex(await c.execution.estimateGas(call, nextBlock(c), over, at, inBlock).catch(rethrowCallError));
    }),
    eth_createAccessList: method([request, on], async (call, id) => {
      const found = await c.execution.createAccessList(call, nextBlock(c), await number(id)).catch(rethrowCallError);
      return {
        accessList: found.accessList.map((x) => ({ address: to0x(x.address), storageKeys: x.storageKeys.map(to0x) })),
        gasUsed: quantityHex(found.gasUsed),
        ...(found.error === undefined ? {} : { error: isRevert(found.error) ? "execution reverted" : found.error }),
      };
    }),
  };
}
