/**
 * What goes into the next batch: each sender's transactions in the order of their nonces without a gap, senders by the
 * effective tip of their next one (older first when equal). What the balance or the base fee does not admit waits, and so
 * does everything after it.
 */
import { effectiveTip } from "../transactions/transaction.ts";
import type { Entry } from "./entry.ts";
import { createHeap, pop, push } from "./heap.ts";
import { executable, type Ledger, type SenderQueue } from "./ledger.ts";

export type TakeContext = {
  maxBytes: number;
  maxGas: bigint;
  baseFee: bigint;
  nowMs: number;
  /** When this validator may offer the sender's transaction; Infinity: never. */
  dueMs(queue: SenderQueue, entry: Entry): number;
};

type Head = { queue: SenderQueue; rest: Generator<Entry>; entry: Entry; tip: bigint; spent: bigint };

/** Marks nothing. `wakeMs`: when the next one that is not due yet will be. */
export function selectBatch(ledger: Ledger, context: TakeContext): { entries: Entry[]; gas: bigint; wakeMs: number } {
  const out = { entries: [] as Entry[], gas: 0n, wakeMs: Number.POSITIVE_INFINITY };
  const heads: Head[] = [];
  const offer = (queue: SenderQueue, rest: Generator<Entry>, spent: bigint) => nextHead(queue, rest, spent, context, out);
  for (const queue of ledger.offering) {
    const head = offer(queue, executable(queue), 0n);
    if (head !== undefined) heads.push(head);
  }
  const heap = createHeap(heads, goesFirst);
  let bytes = 0;
  for (let head = pop(heap); head !== undefined; head = pop(heap)) {
    const { entry } = head;
    const size = entry.tx.raw.length;
    if (bytes + size > context.maxBytes || out.gas + entry.tx.gasLimit > context.maxGas) continue;
    bytes += size;
    out.gas += entry.tx.gasLimit;
    out.entries.push(entry);
    const following = offer(head.queue, head.rest, head.spent);
    if (following !== undefined) push(heap, following);
  }
  return out;
}

/** Passes over what is in flight; undefined when the next idle one cannot be offered now. */
function nextHead(
  queue: SenderQueue,
  rest: Generator<Entry>,
  before: bigint,
  context: TakeContext,
  out: { wakeMs: number },
): Head | undefined {
  let spent = before;
  for (let step = rest.next(); !step.done; step = rest.next()) {
    const entry = step.value;
    spent += entry.cost;
    if (spent > queue.balance) return undefined;
    if (entry.state !== "idle") continue;
    const tip = effectiveTip(entry.tx, context.baseFee);
    if (tip < 0n) return undefined;
    const due = context.dueMs(queue, entry);
    if (due > context.nowMs) {
      out.wakeMs = Math.min(out.wakeMs, due);
      return undefined;
    }
    return { queue, rest, entry, tip, spent };
  }
  return undefined;
}

function goesFirst(a: Head, b: Head): boolean {
  if (a.tip !== b.tip) return a.tip > b.tip;
  return a.entry.seenMs < b.entry.seenMs;
}
