import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AccountRecord } from "../records.ts";

/** What a block changed. Slots of an account whose storage was cleared count from empty. */
export type StateDiff = { accounts: AccountDiff[]; codes: { hash: Hash; code: Bytes }[] };

export type AccountDiff = {
  address: Bytes;
  /** undefined: there was none. */
  before: AccountRecord | undefined;
  /** null: the account is gone. */
  after: { nonce: bigint; balance: bigint; codeHash: Hash } | null;
  cleared: boolean;
  /** Values without leading zeros. */
  slots: { key: Hash; value: Bytes }[];
};
