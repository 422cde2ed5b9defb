/** Words of the two accounts that hold the controls of a development chain (controls.ts). A word of zero is absent. */
import { bigIntToBytes, bytesToBigInt, concatBytes, fromHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { rlpInt } from "../rlp/encode.ts";
import type { Journal } from "../state/journal.ts";
import type { FlatState } from "../state/reader.ts";

/** What a revert takes back, and what it leaves. */
export const RESTORED: Bytes = fromHex("0x0000000000000000000000000000000000000afe");
export const KEPT: Bytes = fromHex("0x0000000000000000000000000000000000000aff");
export const CONTROL_ACCOUNTS: readonly Bytes[] = [RESTORED, KEPT];

export type Slots = Pick<FlatState, "slot">;
export type WritableSlots = Pick<Journal, "slot" | "setSlot">;

export function slotKey(slot: number): Hash {
  return bigIntToBytes(BigInt(slot), 32);
}

/** Of an entry of the mapping at `slot`, as Solidity lays them out. */
export function entryKey(slot: number, entry: Bytes): Hash {
  return keccak256(concatBytes(bigIntToBytes(bytesToBigInt(entry), 32), slotKey(slot)));
}

export function readWord(slots: Slots, account: Bytes, key: Hash): bigint {
  return bytesToBigInt(slots.slot(account, key));
}

export function writeWord(slots: WritableSlots, account: Bytes, key: Hash, value: bigint): void {
  slots.setSlot(account, key, rlpInt(value));
}
