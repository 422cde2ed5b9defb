/** Synchronous reads of the state after the block of one height, through one snapshot. */
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { execError } from "../errors.ts";
import type { AccountRecord } from "../records.ts";
import { ACCOUNTS, CODE, SLOTS } from "../tables.ts";
import { decodeSlim, EMPTY_CODE_HASH } from "./account.ts";
import { changeAbove } from "./changes.ts";
import { accountId, accountKey, slotId, slotKey } from "./keys.ts";

export interface FlatState {
  /** undefined: there is no such account. */
  account(address: Bytes): AccountRecord | undefined;
  /** Without leading zeros; empty for zero. */
  slot(address: Bytes, key: Hash): Bytes;
  /** Throws STATE_CORRUPT where the code is missing. */
  code(hash: Hash): Bytes;
}

const NOTHING = new Uint8Array(0);

/** The stored value of an id at `height`, when the newest height is `head`. */
export function valueAt(snapshot: KvSnapshot, id: Bytes, height: Height, head: Height): Bytes | undefined {
  const change = height < head ? changeAbove(snapshot, id, height) : undefined;
  if (change !== undefined) return change.before;
  return snapshot.get(id[0] === 0 ? ACCOUNTS : SLOTS, id.subarray(1));
}

export function createFlatState(snapshot: KvSnapshot, height: Height, head: Height): FlatState {
  return {
    account(address) {
      const value = valueAt(snapshot, accountId(accountKey(address)), height, head);
      return value && decodeSlim(value);
    },
    slot: (address, key) => valueAt(snapshot, slotId(slotKey(address, key)), height, head) ?? NOTHING,
    code(hash) {
      if (Buffer.compare(hash, EMPTY_CODE_HASH) === 0) return NOTHING;
      const code = snapshot.get(CODE, hash);
      if (code === undefined) throw execError("STATE_CORRUPT", `the code ${Buffer.from(hash).toString("hex")} is missing`);
      return code;
    },
  };
}
