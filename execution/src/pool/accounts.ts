import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AccountRecord } from "../api.ts";
import type { Entry } from "./entry.ts";
import { type Ledger, queueOf, type SenderQueue, setAccount } from "./ledger.ts";

/** An account as a query gave it; queries are numbered in the order they were asked. */
export type AccountReading = { nonce: bigint; balance: bigint; codeHash: Hash; query: number };
export type ReadAccounts = (addresses: readonly Bytes[]) => Promise<AccountReading[]>;

export function createAccountReader(ledger: Ledger, accounts: (addresses: readonly Bytes[]) => Promise<AccountRecord[]>): ReadAccounts {
  return async (addresses) => {
    const query = ++ledger.queries;
    const records = await accounts(addresses);
    return records.map(({ nonce, balance, codeHash }) => ({ nonce, balance, codeHash, query }));
  };
}

/** Reads the senders' accounts again; returns the entries that the new state has passed. */
export async function refreshSenders(ledger: Ledger, queues: Iterable<SenderQueue>, read: ReadAccounts): Promise<Entry[]> {
  const addresses = [...queues].map((queue) => queue.address);
  if (addresses.length === 0) return [];
  const readings = await read(addresses);
  return addresses.flatMap((address, i) => {
    const queue = queueOf(ledger, address);
    return queue === undefined ? [] : setAccount(ledger, queue, readings[i] as AccountReading);
  });
}
