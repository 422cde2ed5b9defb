/** Values of the newest state, kept in memory between blocks; emptied when it holds more than `limit` entries. Codes have a bound of their own. */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { AccountRecord } from "../records.ts";
import type { StateDiff } from "./diff.ts";
import { createHeldCodes } from "./held-codes.ts";
import type { FlatState } from "./reader.ts";

export type StateCache = {
  /** `below` reads the newest state. */
  over(below: FlatState): FlatState;
  /** The block is durable: its accounts after it, and its diff. */
  apply(accounts: readonly { address: Bytes; record: AccountRecord | undefined }[], diff: StateDiff): void;
  /** What the store holds is not known any more. */
  clear(): void;
};

export function createStateCache(limit = 200_000): StateCache {
  const accounts = new Map<string, AccountRecord | null>();
  const slots = new Map<string, Map<string, Bytes>>();
  const codes = createHeldCodes();
  let entries = 0;

  function slotsOf(id: string): Map<string, Bytes> {
    let map = slots.get(id);
    if (map === undefined) {
      map = new Map();
      slots.set(id, map);
    }
    return map;
  }

  function clear(): void {
    accounts.clear();
    slots.clear();
    codes.clear();
    entries = 0;
  }

  return {
    clear,
    over: (below) => ({
      account(address) {
        const id = toHex(address);
        let found = accounts.get(id);
        if (found === undefined) {
          found = below.account(address) ?? null;
          accounts.set(id, found);
          entries++;
        }
        return found ?? undefined;
      },
      slot(address, key) {
        const map = slotsOf(toHex(address));
        const id = toHex(key);
        let found = map.get(id);
        if (found === undefined) {
          found = below.slot(address, key);
          map.set(id, found);
          entries++;
        }
        return found;
      },
      code: (hash) => codes.get(toHex(hash), () => below.code(hash)),
    }),
    apply(after, diff) {
      for (const { address, record } of after) accounts.set(toHex(address), record ?? null);
      for (const account of diff.accounts) {
        const id = toHex(account.address);
        if (account.cleared || account.after === null) slots.delete(id);
        const map = account.slots.length > 0 ? slotsOf(id) : undefined;
        for (const { key, value } of account.slots) map?.set(toHex(key), value);
        entries += 1 + account.slots.length;
      }
      if (entries > limit) clear();
    },
  };
}
