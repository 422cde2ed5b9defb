/** Blocks that change a few accounts at random, and the state that they make, held in a Map. */
import { compareBytes, fromHex, toHex } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { rlpEncode } from "../../rlp/encode.ts";
import { createTrie } from "../../trie/trie.ts";
import { EMPTY_CODE_HASH, encodeLeaf } from "../account.ts";
import type { AccountDiff, StateDiff } from "../diff.ts";
import type { FlatState } from "../reader.ts";

export const ACCOUNTS = 14;
export const SLOTS = 12;

/** By address and slot in hex; every nonce is 1. */
export type Model = Map<string, { balance: bigint; slots: Map<string, Bytes> }>;

export const addressAt = (i: number): Bytes => sha256(Uint8Array.of(i)).subarray(0, 20);
export const slotAt = (i: number): Hash => sha256(Uint8Array.of(99, i));

/** An integer below n, the same for the same seed. */
export function createInt(seed: number): (n: number) => number {
  let counter = 0;
  return (n) => (sha256(Uint8Array.of(seed, counter & 255, counter++ >> 8))[0] as number) % n;
}

/** Of one block on `state`; `model` becomes what it is after it. */
export function randomDiff(int: (n: number) => number, model: Model, state: FlatState): StateDiff {
  const touched = new Map<string, Bytes>();
  for (let i = 1 + int(6); i > 0; i--) {
    const at = addressAt(int(ACCOUNTS));
    touched.set(toHex(at), at);
  }
  return { accounts: [...touched.values()].sort(compareBytes).map((at) => randomChange(int, model, at, state.account(at))), codes: [] };
}

function randomChange(int: (n: number) => number, model: Model, at: Bytes, stored: AccountDiff["before"]): AccountDiff {
  const before = model.get(toHex(at));
  if (before && int(5) === 0) {
    model.delete(toHex(at));
    return { address: at, before: stored, after: null, cleared: false, slots: [] };
  }
  const cleared = before !== undefined && int(6) === 0;
  const account = { balance: BigInt(int(100)), slots: new Map(cleared ? [] : before?.slots) };
  const slots = new Map<string, Bytes>();
  for (let i = int(7); i > 0; i--) slots.set(toHex(slotAt(int(SLOTS))), int(3) === 0 ? new Uint8Array(0) : Uint8Array.of(1 + int(200)));
  for (const [key, value] of slots) value.length === 0 ? account.slots.delete(key) : account.slots.set(key, value);
  model.set(toHex(at), account);
  const after = { nonce: 1n, balance: account.balance, codeHash: EMPTY_CODE_HASH };
  return { address: at, before: stored, after, cleared, slots: [...slots].map(([key, value]) => ({ key: fromHex(key), value })) };
}

/** Of tries that are built anew. */
export function rootOf(model: Model): Hash {
  const trie = createTrie();
  for (const [at, { balance, slots }] of model)
    trie.set(keccak256(fromHex(at)), encodeLeaf({ nonce: 1n, balance, codeHash: EMPTY_CODE_HASH, storageRoot: storageRootOf(slots) }));
  return trie.commit();
}

export function storageRootOf(slots: ReadonlyMap<string, Bytes>): Hash {
  const trie = createTrie();
  for (const [key, value] of slots) trie.set(keccak256(fromHex(key)), rlpEncode(value));
  return trie.commit();
}
