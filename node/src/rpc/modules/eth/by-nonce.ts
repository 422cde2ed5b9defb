import { AT_STATE } from "../../ethereum/error-sets.ts";
import { findByNonce } from "../../ethereum/find-by-nonce.ts";
import { renderPooled, renderTransaction } from "../../ethereum/render-transaction.ts";
import { TRANSACTION } from "../../ethereum/shapes.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { address, quantity } from "../../json-rpc/parsers.ts";
import { nullable } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";

const MAX_NONCE = 2n ** 64n - 1n;

export function nonceMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_getTransactionBySenderAndNonce: method({
      summary: "a sender's transaction, in a block or in the pool; null where none has that nonce",
      params: [
        ["sender", address],
        ["nonce", quantity(MAX_NONCE)],
      ],
      result: nullable(TRANSACTION),
      errors: AT_STATE,
      async run(sender, nonce) {
        const pooled = c.pool.bySender(sender, nonce);
        if (pooled !== undefined) return renderPooled(pooled);
        const record = await findByNonce(c, sender, nonce);
        return record && renderTransaction(record);
      },
    }),
  };
}
