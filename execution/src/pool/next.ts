/** What the next block would hold if it were this pool's, whether it is in flight or not. */
import { toHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { effectiveTip } from "../rules/fees.ts";
import type { Entry } from "./entry.ts";
import { executable, type Ledger, queueOfEntry, type SenderQueue } from "./ledger.ts";
import { createMiningOrder } from "./mining-order.ts";

/** In mining order, up to the gas of a block. */
export function selectNext(ledger: Ledger, baseFee: bigint, maxGas: bigint): Entry[] {
  const entries: Entry[] = [];
  let gas = 0n;
  const order = createMiningOrder(ledger.senders.values(), baseFee, () => "take");
  for (let head = order.pop(); head !== undefined; head = order.pop()) {
    if (gas + head.entry.tx.gasLimit > maxGas) continue;
    gas += head.entry.tx.gasLimit;
    entries.push(head.entry);
    order.follow(head);
  }
  return entries;
}

/** Those of `hashes` that the next block could not hold, however large: not in the pool, behind a gap, too poor, below the base fee. */
export function selectStalled(ledger: Ledger, baseFee: bigint, hashes: readonly Hash[]): Hash[] {
  const ready = new Map<SenderQueue, Set<Entry>>();
  return hashes.filter((hash) => {
    const entry = ledger.byHash.get(toHex(hash));
    const queue = entry && queueOfEntry(ledger, entry);
    if (entry === undefined || queue === undefined) return true;
    let admitted = ready.get(queue);
    if (admitted === undefined) {
      admitted = new Set(admittedOf(queue, baseFee));
      ready.set(queue, admitted);
    }
    return !admitted.has(entry);
  });
}

function* admittedOf(queue: SenderQueue, baseFee: bigint): Generator<Entry> {
  let spent = 0n;
  for (const entry of executable(queue)) {
    spent += entry.cost;
    if (spent > queue.account.balance || effectiveTip(entry.tx, baseFee) < 0n) return;
    yield entry;
  }
}
