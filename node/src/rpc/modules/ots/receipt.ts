import type { ReceiptRecord } from "@noema/execution/records";
import { renderReceipt } from "../../ethereum/render-transaction.ts";

/** Otterscan reads neither logs nor bloom of a list, but the time of the block. */
export function otsReceipt(receipt: ReceiptRecord): Record<string, unknown> {
  return { ...renderReceipt(receipt), logs: null, logsBloom: null, timestamp: Number(receipt.blockTimestamp) };
}
