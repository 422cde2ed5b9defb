/** eth_fillTransaction: what a client left out of a transaction, for it to sign. No key is needed, so it is not the devnet's alone. */
import { to0x } from "@noema/core/bytes";
import { encodeUnsigned } from "@noema/execution/transactions/encode";
import { TRANSACTION } from "../../ethereum/call-request.ts";
import { OF_CALLS } from "../../ethereum/error-sets.ts";
import { fillTransaction, type TransactionRequest, transactionRequest } from "../../ethereum/fill-transaction.ts";
import { renderUnsigned } from "../../ethereum/render-transaction.ts";
import { UNSIGNED } from "../../ethereum/shapes.ts";
import { method, type Parser, type RpcMethod } from "../../json-rpc/method.ts";
import { DATA, members } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

/** Without a sender, the zero address is it, as in geth. */
const request: Parser<TransactionRequest> = {
  schema: TRANSACTION,
  read(value, name) {
    const given = typeof value === "object" && value !== null && !Array.isArray(value);
    return transactionRequest.read(given ? { ...value, from: (value as { from?: unknown }).from ?? ZERO_ADDRESS } : value, name);
  },
};

export function fillMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_fillTransaction: method({
      summary: "completes a transaction, for the client to sign",
      params: [["transaction", request]],
      result: members({ raw: DATA, tx: UNSIGNED }),
      errors: [...OF_CALLS, "RPC_SIGN_INVALID"],
      async run(given) {
        const [filled, nonce] = await Promise.all([fillTransaction(c, given), given.nonce ?? c.pool.pendingNonce(given.from)]);
        const tx = { ...filled, nonce };
        return { raw: to0x(encodeUnsigned(tx)), tx: renderUnsigned({ ...tx, gasLimit: tx.gas }) };
      },
    }),
  };
}
