/** Accounts as they are after a block that changed them, packed for the way to another thread: address, u64be nonce, u256be balance, code hash. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AccountRecord } from "../records.ts";
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH, hasCode } from "../state/account.ts";

const BALANCE = 28;
const CODE_HASH = 60;
const BYTES = 92;

export type TouchedAccount = { address: Bytes; nonce: bigint; balance: bigint; codeHash: Hash };

/** `record` absent: the account is gone. */
export type TouchedRecord = { address: Bytes; record: AccountRecord | undefined };

export function packTouched(accounts: readonly TouchedRecord[]): Bytes {
  const packed = new Uint8Array(accounts.length * BYTES);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const { address, record = EMPTY_ACCOUNT } of accounts) {
    packed.set(address, at);
    view.setBigUint64(at + 20, record.nonce);
    for (let word = 0; word < 4; word++) view.setBigUint64(at + BALANCE + 8 * word, record.balance >> BigInt(192 - 64 * word));
    packed.set(record.codeHash, at + CODE_HASH);
    at += BYTES;
  }
  return packed;
}

export function* readTouched(packed: Bytes): Generator<TouchedAccount> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  for (let at = 0; at < packed.length; at += BYTES) {
    let balance = 0n;
    for (let word = 0; word < 4; word++) balance = (balance << 64n) | view.getBigUint64(at + BALANCE + 8 * word);
    const codeHash = packed.subarray(at + CODE_HASH, at + BYTES);
    yield {
      address: packed.slice(at, at + 20),
      nonce: view.getBigUint64(at + 20),
      balance,
      codeHash: hasCode({ codeHash }) ? codeHash.slice() : EMPTY_CODE_HASH, // kept, and a view keeps the whole summary
    };
  }
}
