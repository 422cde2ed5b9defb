import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Transaction } from "./transaction.ts";

export type RecoverSender = (tx: Transaction) => Promise<Bytes>;

/** Remembers senders by transaction hash, so that pool, batch check and execution pay for one recovery. Oldest out first;
 *  a failure is not kept. The default is 8 MB at most. */
export function createSenderCache(recover: RecoverSender, limit = 50_000): RecoverSender {
  const known = new Map<string, Promise<Bytes>>();
  return (tx) => {
    const key = toHex(tx.hash);
    const found = known.get(key);
    if (found !== undefined) return found;
    const sender = recover(tx);
    known.set(key, sender);
    sender.catch(() => known.delete(key));
    if (known.size > limit) known.delete(known.keys().next().value as string);
    return sender;
  };
}
