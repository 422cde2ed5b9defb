/** What goes into the next batch of this validator. */
import type { Entry } from "./entry.ts";
import type { Ledger, SenderQueue } from "./ledger.ts";
import { createMiningOrder } from "./mining-order.ts";

export type TakeContext = {
  maxBytes: number;
  maxGas: bigint;
  maxBlobs: number;
  baseFee: bigint;
  nowMs: number;
  /** When this validator may offer the sender's transaction; Infinity: never. */
  dueMs(queue: SenderQueue, entry: Entry): number;
};

/** Marks nothing. `wakeMs`: when the next one that is not due yet will be. */
export function selectBatch(ledger: Ledger, context: TakeContext): { entries: Entry[]; gas: bigint; wakeMs: number } {
  const out = { entries: [] as Entry[], gas: 0n, wakeMs: Number.POSITIVE_INFINITY };
  const order = createMiningOrder(ledger.offering, context.baseFee, (queue, entry) => {
    if (entry.state !== "idle") return "pass"; // in flight
    const due = context.dueMs(queue, entry);
    if (due <= context.nowMs) return "take";
    out.wakeMs = Math.min(out.wakeMs, due);
    return "stop";
  });
  let bytes = 0;
  let blobs = 0;
  for (let head = order.pop(); head !== undefined; head = order.pop()) {
    const { entry } = head;
    const size = entry.tx.raw.length;
    const held = blobs + (entry.tx.blobVersionedHashes?.length ?? 0);
    if (bytes + size > context.maxBytes || out.gas + entry.tx.gasLimit > context.maxGas || held > context.maxBlobs) continue;
    bytes += size;
    blobs = held;
    out.gas += entry.tx.gasLimit;
    out.entries.push(entry);
    order.follow(head);
  }
  return out;
}
