import { to0x } from "@noema/core/bytes";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { optional } from "../json-rpc/parsers.ts";
import { blockId, LATEST } from "./block-id.ts";
import { callRequest, stateOverrides } from "./call-request.ts";
import type { EthContext } from "./context.ts";
import { quantityHex } from "./hex.ts";
import { callFailed, rethrowCallError, revertError } from "./revert.ts";

const isRevert = (error: string | undefined) => error !== undefined && /revert/i.test(error);

export function callMethods(c: EthContext): Record<string, RpcMethod> {
  const request = ["transaction", callRequest(c.chainId)] as const;
  const at = ["block", optional(blockId, LATEST)] as const;
  const overrides = ["state overrides", optional(stateOverrides)] as const;
  return {
    eth_call: method([request, at, overrides], async (call, id, over) => {
      const outcome = await c.execution.call(call, await c.blocks.require(id), over);
      if (outcome.ok) return to0x(outcome.output);
      throw isRevert(outcome.error) ? revertError(outcome.output) : callFailed(outcome.error);
    }),
    eth_estimateGas: method([request, at, overrides], async (call, id, over) => {
      const gas = await c.execution.estimateGas(call, await c.blocks.require(id), over).catch(rethrowCallError);
      return quantityHex(gas);
    }),
    eth_createAccessList: method([request, at], async (call, id) => {
      const found = await c.execution.createAccessList(call, await c.blocks.require(id)).catch(rethrowCallError);
      return {
        accessList: found.accessList.map((x) => ({ address: to0x(x.address), storageKeys: x.storageKeys.map(to0x) })),
        gasUsed: quantityHex(found.gasUsed),
        ...(found.error === undefined ? {} : { error: isRevert(found.error) ? "execution reverted" : found.error }),
      };
    }),
  };
}
