/**
 * eth_sendRawTransactionSync (EIP-7966): a send that is answered with the receipt. Code 4: it is in the pool and no block had it in time;
 * 5: no block can have it now, or it left the pool. `data` is the hash in both, the message has the reason.
 */
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { OF_SENDS } from "../../ethereum/error-sets.ts";
import { renderReceipt } from "../../ethereum/render-transaction.ts";
import { RECEIPT } from "../../ethereum/shapes.ts";
import { RpcError } from "../../json-rpc/error.ts";
import { method, type Parser, type RpcMethod } from "../../json-rpc/method.ts";
import { count } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";
import { rawTransaction } from "./raw-transaction.ts";

const [TIMEOUT, UNREADY] = [4, 5];
/** Milliseconds: the EIP's recommendation, and the most that a client may ask for. */
const DEFAULT_WAIT_MS = 2_000;
const MAX_WAIT_MS = 60_000;

const asked = count(Number.MAX_SAFE_INTEGER);
/** What is no time that this node waits counts as none, by the EIP. */
const wait: Parser<number> = {
  schema: { anyOf: [asked.schema], default: DEFAULT_WAIT_MS, description: "milliseconds" },
  optional: true,
  read(value, name) {
    if (value === undefined || value === null) return DEFAULT_WAIT_MS;
    const ms = asked.read(value, name);
    return ms > 0 && ms <= MAX_WAIT_MS ? ms : DEFAULT_WAIT_MS;
  },
};

/** Throws codes 4 and 5. */
async function receiptOf(c: EthContext, hash: Hash, waitMs: number): Promise<Record<string, unknown>> {
  const receipt = c.receipts.of(hash) ?? (await c.execution.receipt(hash));
  if (receipt !== undefined && receipt.number <= c.chain.tags().latest.number) return renderReceipt(receipt);
  const standing = c.pool.standing(hash);
  if (standing?.state === "dropped")
    throw new RpcError(UNREADY, `the transaction left the pool: ${standing.reason.code}: ${standing.reason.message}`, to0x(hash));
  if (standing?.reason !== undefined)
    throw new RpcError(UNREADY, `the transaction is in the pool and cannot be executed now: ${standing.reason.message}`, to0x(hash));
  throw new RpcError(TIMEOUT, `the transaction is in the pool, and no block had it within ${waitMs} ms`, to0x(hash));
}

export function sendSyncMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_sendRawTransactionSync: method({
      summary: "sends a signed transaction and answers its receipt (EIP-7966)",
      params: [
        ["transaction", rawTransaction],
        ["timeout", wait],
      ],
      result: RECEIPT,
      errors: OF_SENDS,
      run: async (raw, waitMs) => receiptOf(c, await c.sends.settle(raw, waitMs), waitMs),
    }),
  };
}
