/**
 * A state in a file (system-operations.md 10), written and read from its beginning to its end:
 *
 *   "noema-dump/1"
 *   u32be length . RLP of each record
 *     [0, whole, chain id, number, height, state root]     first; whole 1: nothing beside it stays, 0: it is laid over what there is
 *     [1, address, nonce, balance, code]                   of each account, its slots behind it
 *     [2, key, value, key, value, ...]                     without leading zeros; an account has as many of these as it needs
 *     [3, accounts, slots]                                 last: how many
 *   sha256 of all bytes before it
 */
import { concatBytes, u32be, utf8 } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import { type RlpInput, rlpEncode } from "../rlp/encode.ts";

export const MAGIC: Bytes = utf8("noema-dump/1");
export const RECORD = { head: 0, account: 1, slots: 2, end: 3 } as const;
export const LENGTH_BYTES = 4;
export const CHECKSUM_BYTES = 32;
/** More than the largest code (code-bytes.ts), and than a record of slots. */
export const MAX_RECORD_BYTES = 131_072;
/** Of one record: 33 KB at most. */
export const SLOTS_OF_RECORD = 500;

export type DumpHead = { whole: boolean; chainId: number; number: BlockNumber; height: Height; stateRoot: Hash };
export type DumpAccount = { address: Bytes; nonce: bigint; balance: bigint; code: Bytes };
/** `value` without leading zeros, never zero. */
export type DumpSlot = { key: Hash; value: Bytes };

export function headRecord({ whole, chainId, number, height, stateRoot }: DumpHead): Bytes {
  return record([RECORD.head, whole ? 1 : 0, chainId, number, height, stateRoot]);
}

export function accountRecord({ address, nonce, balance, code }: DumpAccount): Bytes {
  return record([RECORD.account, address, nonce, balance, code]);
}

/** `flat`: key and value of each, without leading zeros. */
export function slotsRecord(flat: readonly Bytes[]): Bytes {
  return record([RECORD.slots, ...flat]);
}

export function endRecord(accounts: number, slots: number): Bytes {
  return record([RECORD.end, accounts, slots]);
}

function record(items: readonly RlpInput[]): Bytes {
  const body = rlpEncode(items);
  return concatBytes(u32be(body.length), body);
}
