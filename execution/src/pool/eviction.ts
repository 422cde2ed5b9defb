/**
 * Room for a new transaction, at the cost of cheaper ones. Order of leaving: peers' before local ones (their acceptance
 * was promised to nobody here), then by effective tip. The one that goes is the last idle one of the cheapest's sender,
 * so that no gap opens. What is in flight stays.
 */
import type { Entry } from "./entry.ts";
import { poolError } from "./errors.ts";
import { createHeap, type Heap, pop, push } from "./heap.ts";
import { type Ledger, queueOfEntry, type SenderQueue } from "./ledger.ts";
import type { PoolOptions } from "./options.ts";

export type EvictionOrder = { heap: Heap<Entry> };

/** Entries in flight that are passed over before the pool counts as full: bounds the work of one add. */
const MAX_PASSED = 256;

export function createEvictionOrder(): EvictionOrder {
  return { heap: createHeap<Entry>([], leavesBefore) };
}

/** Entries that have gone are left in the heap and thrown away when they surface, or when they are most of it. */
export function trackEntry(order: EvictionOrder, ledger: Ledger, entry: Entry): void {
  if (order.heap.items.length > 2 * ledger.byHash.size + 64)
    order.heap = createHeap(
      [...ledger.byHash.values()].filter((e) => e !== entry),
      leavesBefore,
    );
  push(order.heap, entry);
}

/** Who must leave so that `entry` fits (after `replaced` is gone); removes nobody. Throws POOL_FULL. */
export function selectVictims(
  order: EvictionOrder,
  ledger: Ledger,
  entry: Entry,
  replaced: Entry | undefined,
  options: PoolOptions,
): Entry[] {
  let count = ledger.byHash.size + 1 - (replaced ? 1 : 0) - options.maxTransactions;
  let bytes = ledger.bytes + entry.tx.raw.length - (replaced?.tx.raw.length ?? 0) - options.maxBytes;
  const victims = new Set<Entry>();
  const passed: Entry[] = [];
  let fits = true;
  while (count > 0 || bytes > 0) {
    const victim = nextVictim(order, ledger, entry, victims, passed);
    if (victim === undefined) {
      fits = false;
      break;
    }
    victims.add(victim);
    count--;
    bytes -= victim.tx.raw.length;
  }
  for (const back of passed) push(order.heap, back);
  if (!fits)
    throw poolError("POOL_FULL", "txpool is full: the transaction pays no more than those in it", {
      transactions: ledger.byHash.size,
      bytes: ledger.bytes,
    });
  return [...victims];
}

function nextVictim(order: EvictionOrder, ledger: Ledger, entry: Entry, victims: Set<Entry>, passed: Entry[]): Entry | undefined {
  while (passed.length < MAX_PASSED) {
    const cheapest = pop(order.heap);
    if (cheapest === undefined) return undefined;
    if (cheapest.state === "gone") continue;
    passed.push(cheapest);
    if (cheapest.state !== "idle" || victims.has(cheapest)) continue;
    if (!leavesBefore(cheapest, entry)) return undefined;
    const queue = queueOfEntry(ledger, cheapest) as SenderQueue;
    if (queue === queueOfEntry(ledger, entry)) continue;
    const last = lastIdle(queue, victims);
    if (last !== cheapest) push(order.heap, passed.pop() as Entry);
    return last;
  }
  return undefined;
}

/** Present: the queue has an idle entry that is no victim. */
function lastIdle(queue: SenderQueue, victims: Set<Entry>): Entry {
  let last: Entry | undefined;
  for (const entry of queue.byNonce.values())
    if (entry.state === "idle" && !victims.has(entry) && (last === undefined || entry.tx.nonce > last.tx.nonce)) last = entry;
  return last as Entry;
}

function leavesBefore(a: Entry, b: Entry): boolean {
  if (a.origin !== b.origin) return a.origin === "peer";
  return a.price < b.price;
}
