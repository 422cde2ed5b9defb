/** noema_getTransactionStatus: in which block a transaction is, what keeps it out of one, or why it left the pool. */
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { Fate } from "@noema/execution/pool/fates";
import { rowOf } from "../../../error-rows.ts";
import type { RpcDeps } from "../../deps.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import { BOOLEAN, HASH, members, nullable, oneOf, QUANTITY, TEXT } from "../../json-rpc/schema.ts";

const REASON = members({ code: TEXT, message: TEXT }, { means: TEXT, remedy: TEXT, replacedBy: HASH });
const STATUS = members(
  { status: oneOf("final", "included", "pending", "queued", "dropped") },
  { blockNumber: QUANTITY, blockHash: HASH, transactionIndex: QUANTITY, ok: BOOLEAN, inFlight: BOOLEAN, reason: REASON },
);

function renderReason({ code, message, replacedBy }: Fate): Record<string, unknown> {
  const { means, remedy } = rowOf(code) ?? {};
  return { code, message, means, remedy, ...(replacedBy && { replacedBy: to0x(replacedBy) }) };
}

/** null: nothing is known of it here, or no more. */
async function statusOf({ execution, pool, chain }: RpcDeps, h: Hash): Promise<Record<string, unknown> | null> {
  const receipt = await execution.receipt(h);
  const tags = chain.tags();
  if (receipt !== undefined && receipt.number <= tags.latest.number) {
    const status = receipt.number <= tags.finalized.number ? "final" : "included";
    const place = { blockNumber: quantityHex(receipt.number), blockHash: to0x(receipt.blockHash) };
    return { status, ...place, transactionIndex: quantityHex(receipt.txIndex), ok: receipt.ok };
  }
  const standing = pool.standing(h);
  if (standing === undefined) return null;
  const reason = standing.reason === undefined ? {} : { reason: renderReason(standing.reason) };
  return standing.state === "dropped"
    ? { status: "dropped", ...reason }
    : { status: standing.state, inFlight: standing.inFlight, ...reason };
}

export function transactionStatusMethods(deps: RpcDeps): Record<string, RpcMethod> {
  return {
    noema_getTransactionStatus: method({
      summary: "in which block a transaction is, what keeps it out of one, or why it left the pool; null where it is unknown",
      params: [["hash", hash]],
      result: nullable(STATUS),
      run: (h) => statusOf(deps, h),
    }),
  };
}
