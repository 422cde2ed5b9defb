/** What a block that was executed changes in the pool. */
import { toHex } from "@noema/core/bytes";
import type { ExecutedBlock } from "../api.ts";
import { readTouched } from "../blocks/touched.ts";
import type { Accounts } from "./accounts.ts";
import type { Entry } from "./entry.ts";
import { type Ledger, releaseEntry, removeEntry, setAccount } from "./ledger.ts";

/** Nonces that were passed leave; what was skipped comes back when it may be valid later and leaves when not. Returns who left. */
export function applyBlock(ledger: Ledger, accounts: Accounts, block: Pick<ExecutedBlock, "result" | "touched" | "skipped">): Entry[] {
  const left: Entry[] = [];
  ledger.height = Math.max(ledger.height, block.result.height);
  for (const { address, ...account } of readTouched(block.touched)) {
    const key = toHex(address);
    accounts.tell(key, account);
    const queue = ledger.senders.get(key);
    if (queue !== undefined) left.push(...setAccount(ledger, queue, account));
  }
  for (const { hash, retry } of block.skipped) {
    const entry = ledger.byHash.get(toHex(hash));
    if (entry === undefined) continue;
    if (retry) releaseEntry(ledger, entry);
    else {
      removeEntry(ledger, entry);
      left.push(entry);
    }
  }
  return left;
}
