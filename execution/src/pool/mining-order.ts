/** Each sender's transactions in the order of their nonces, senders by the effective tip of their next one, older first when equal. */
import { effectiveTip } from "../rules/fees.ts";
import type { Entry } from "./entry.ts";
import { createHeap, pop, push } from "./heap.ts";
import { executable, type SenderQueue } from "./ledger.ts";

type Head = { queue: SenderQueue; rest: Generator<Entry>; entry: Entry; tip: bigint; spent: bigint };
/** pass: not this one, perhaps the sender's next; stop: none of the sender's from here on. */
export type Judge = (queue: SenderQueue, entry: Entry) => "take" | "pass" | "stop";

export type MiningOrder = {
  /** The best next transaction. */
  pop(): Head | undefined;
  /** It was taken: its sender's following one takes part. */
  follow(head: Head): void;
};

/** What the balance or the base fee does not admit waits, and so does everything of its sender after it. */
export function createMiningOrder(queues: Iterable<SenderQueue>, baseFee: bigint, judge: Judge): MiningOrder {
  function nextHead(queue: SenderQueue, rest: Generator<Entry>, before: bigint): Head | undefined {
    let spent = before;
    for (let step = rest.next(); !step.done; step = rest.next()) {
      const entry = step.value;
      spent += entry.cost;
      if (spent > queue.account.balance) return undefined;
      const verdict = judge(queue, entry);
      if (verdict === "pass") continue;
      const tip = effectiveTip(entry.tx, baseFee);
      if (verdict === "stop" || tip < 0n) return undefined;
      return { queue, rest, entry, tip, spent };
    }
    return undefined;
  }
  const heads: Head[] = [];
  for (const queue of queues) {
    const head = nextHead(queue, executable(queue), 0n);
    if (head !== undefined) heads.push(head);
  }
  const heap = createHeap(heads, goesFirst);
  return {
    pop: () => pop(heap),
    follow({ queue, rest, spent }) {
      const head = nextHead(queue, rest, spent);
      if (head !== undefined) push(heap, head);
    },
  };
}

function goesFirst(a: Head, b: Head): boolean {
  if (a.tip !== b.tip) return a.tip > b.tip;
  return a.entry.seenMs < b.entry.seenMs;
}
