import { findByNonce } from "../../ethereum/find-by-nonce.ts";
import { renderPooled, renderTransaction } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { address, quantity } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";

const MAX_NONCE = 2n ** 64n - 1n;

export function nonceMethods(c: EthContext): Record<string, RpcMethod> {
  const params = [["sender", address] as const, ["nonce", quantity(MAX_NONCE)] as const] as const;
  return {
    eth_getTransactionBySenderAndNonce: method(params, async (sender, nonce) => {
      const pooled = c.pool.bySender(sender, nonce);
      if (pooled !== undefined) return renderPooled(pooled);
      const record = await findByNonce(c, sender, nonce);
      return record && renderTransaction(record);
    }),
  };
}
