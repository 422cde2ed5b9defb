/** Transactions that somebody takes out of the pool. */
import { toHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { Entry } from "./entry.ts";
import { type Ledger, removeEntry } from "./ledger.ts";

/** Those of them that are in the pool and in no batch, which cannot be called back. */
export function dropIdle(ledger: Ledger, hashes: readonly Hash[]): Entry[] {
  const found = hashes.map((hash) => ledger.byHash.get(toHex(hash))).filter((entry) => entry?.state === "idle") as Entry[];
  for (const entry of found) removeEntry(ledger, entry);
  return found;
}
