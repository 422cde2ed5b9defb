/**
 * One wei in a stopped validator's state. "whole": as a wrong execution leaves it, values, trie and root of one mind. "value":
 * as a damaged disk leaves it, the account's value alone.
 */
import { fromHex } from "@noema/core/bytes";
import { headOp, readHead } from "@noema/execution/blocks/store";
import { decodeSlim, encodeSlim } from "@noema/execution/state/account";
import { commitDiff } from "@noema/execution/state/commit";
import { accountKey } from "@noema/execution/state/keys";
import { createRoots } from "@noema/execution/state/roots";
import { ACCOUNTS, STATE_TABLES } from "@noema/execution/tables";
import { openStore } from "@noema/node/store/open-store";

/** Returns the false balance. */
export async function plantWei(datadir: string, address: string, kind: "whole" | "value"): Promise<bigint> {
  const kv = await openStore("lmdb", datadir, "state", STATE_TABLES);
  const snapshot = kv.snapshot();
  try {
    const key = accountKey(fromHex(address));
    const stored = snapshot.get(ACCOUNTS, key);
    const head = readHead(snapshot);
    if (stored === undefined || head === undefined) throw new Error(`${address} is not in the state`);
    const account = decodeSlim(stored);
    const planted = { ...account, balance: account.balance + 1n };
    if (kind === "value") await kv.write([{ table: ACCOUNTS, key, value: encodeSlim(planted) }], true);
    else {
      const diff = { accounts: [{ address: fromHex(address), before: account, after: planted, cleared: false, slots: [] }], codes: [] };
      const { ops, stateRoot } = commitDiff(snapshot, createRoots(head.stateRoot), head.height, diff);
      await kv.write([...ops, headOp({ ...head, stateRoot })], true);
    }
    return planted.balance;
  } finally {
    snapshot.close();
    await kv.close();
  }
}
