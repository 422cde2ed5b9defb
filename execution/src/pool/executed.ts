/** What a block that was executed changes in the pool. */
import { to0x, toHex } from "@noema/core/bytes";
import type { ExecutedBlock } from "../api.ts";
import type { SkipCode } from "../blocks/skipped.ts";
import { readTouched } from "../blocks/touched.ts";
import { errors } from "../errors.ts";
import type { Accounts } from "./accounts.ts";
import type { Entry } from "./entry.ts";
import type { Fate, Fates } from "./fates.ts";
import { type Ledger, releaseEntry, removeEntry, setAccount } from "./ledger.ts";

/** `fate`: absent where it is taken to be included. */
export type Left = { entry: Entry; fate?: Fate };
type Block = Pick<ExecutedBlock, "result" | "touched" | "skipped">;

/**
 * Nonces that were passed leave; what was skipped comes back when it may be valid later and leaves when not. A passed one that was in
 * nobody's batch is not the one that was included.
 */
export function applyBlock(ledger: Ledger, accounts: Accounts, fates: Fates, block: Block): Left[] {
  const left: Left[] = [];
  ledger.height = Math.max(ledger.height, block.result.height);
  for (const { address, ...account } of readTouched(block.touched)) {
    const key = toHex(address);
    accounts.tell(key, account);
    const queue = ledger.senders.get(key);
    if (queue === undefined) continue;
    for (const entry of setAccount(ledger, queue, account)) left.push(wasOffered(entry) ? { entry } : { entry, fate: nonceUsed(entry) });
  }
  for (const { hash, code, retry } of block.skipped) {
    const key = toHex(hash);
    const entry = ledger.byHash.get(key);
    const fate = { code, message: `block ${block.result.number} did not take it: ${errors[code as SkipCode].means}` };
    if (!retry) fates.tell(key, fate);
    if (entry === undefined) continue;
    if (retry) {
      entry.skipped = fate;
      releaseEntry(ledger, entry);
    } else {
      removeEntry(ledger, entry);
      left.push({ entry, fate });
    }
  }
  return left;
}

const wasOffered = ({ markedMs }: Entry) => markedMs > 0;

function nonceUsed({ tx, sender }: Entry): Fate {
  return { code: "POOL_NONCE_USED", message: `another transaction with nonce ${tx.nonce} of ${to0x(sender)} was included` };
}
