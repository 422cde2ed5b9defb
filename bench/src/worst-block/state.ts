/** The state that attacks find: many accounts, one contract with many slots, many contracts of the largest size. */
import { bigIntToBytes, concatBytes, to0x, u32be } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { recoverPublicKey, signHash } from "@noema/execution/transactions/secp256k1";
import { assemble } from "./code.ts";

export type StateSize = { senders: number; accounts: number; slots: number; codes: number };

/** EIP-170. */
export const MAX_CODE = 24_576;

/** The accounts that only have a balance: this one and those that follow it. */
export const CROWD = 0xc0n << 152n;
/** The contracts of MAX_CODE bytes, each of other bytes. */
export const FAT = 0xfan << 152n;
/** Runs the contract that the first word of its data names on its own storage, with the same data. Slots 0 to `slots` hold something. */
export const VAULT: Bytes = bigIntToBytes(0xdan << 152n, 20);

const VAULT_CODE = assemble(
  "CALLDATASIZE",
  0,
  0,
  "CALLDATACOPY",
  0,
  0,
  "CALLDATASIZE",
  0,
  0,
  "CALLDATALOAD",
  "GAS",
  "DELEGATECALL",
  "STOP",
);

export function addressOf(key: Bytes): Bytes {
  const hash = sha256(key);
  const { signature, yParity } = signHash(hash, key);
  return keccak256(recoverPublicKey(hash, signature, yParity)).subarray(12);
}

/** STOP, then bytes that no two contracts share. */
function fatCode(index: number): Bytes {
  const seed = sha256(u32be(index));
  return concatBytes(Uint8Array.of(0), ...Array<Bytes>(MAX_CODE / 32 - 1).fill(seed), seed.subarray(1));
}

export function stateAlloc(size: StateSize, senders: readonly Bytes[]): Record<string, unknown> {
  const alloc: Record<string, unknown> = {};
  const many = (base: bigint, count: number, entry: (i: number) => unknown) => {
    for (let i = 0; i < count; i++) alloc[to0x(bigIntToBytes(base + BigInt(i), 20))] = entry(i);
  };
  for (const sender of senders) alloc[to0x(sender)] = { balance: String(10n ** 40n) };
  many(CROWD, size.accounts, () => ({ balance: "1" }));
  many(FAT, size.codes, (i) => ({ code: to0x(fatCode(i)) }));
  const storage = Object.fromEntries(Array.from({ length: size.slots }, (_, i) => [`0x${i.toString(16)}`, "0x1"]));
  alloc[to0x(VAULT)] = { code: to0x(VAULT_CODE), nonce: "1", balance: String(10n ** 30n), storage };
  return alloc;
}
