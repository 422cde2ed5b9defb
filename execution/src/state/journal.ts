/**
 * The state of the block that is being executed, over a FlatState: maps of what was read or written, and a log of the values
 * that writes replaced. A checkpoint is a position in the log; nothing is copied, and reverting costs what it undoes.
 */
import { equalBytes, fromHex, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AccountRecord } from "../records.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import type { AccountDiff, StateDiff } from "./diff.ts";
import { createHeldCodes } from "./held-codes.ts";
import type { FlatState } from "./reader.ts";

/** Slots by hex; `cleared`: what is not in the map is zero, whatever lies below. */
type Storage = { cleared: boolean; slots: Map<string, Bytes> };
type Undo = { map: Map<string, unknown>; key: string; before: unknown };

const NOTHING = new Uint8Array(0);

export type Journal = {
  /** `hex`: of the address, where it is at hand. */
  account(address: Bytes, hex?: string): AccountRecord | undefined;
  setAccount(address: Bytes, account: AccountRecord | undefined, hex?: string): void;
  /** `owner`, `hex`: of the address and of the key, where they are at hand. */
  slot(address: Bytes, key: Hash, owner?: string, hex?: string): Bytes;
  /** `value` without leading zeros. */
  setSlot(address: Bytes, key: Hash, value: Bytes, owner?: string, hex?: string): void;
  clearStorage(address: Bytes): void;
  code(hash: Hash): Bytes;
  addCode(code: Bytes): Hash;
  checkpoint(): void;
  commit(): void;
  revert(): void;
  /** Everything changed since the journal was opened; accounts in the order of their addresses. */
  diff(): StateDiff;
};

export function createJournal(below: FlatState): Journal {
  const accounts = new Map<string, AccountRecord | null>();
  const storages = new Map<string, Storage>();
  const codes = new Map<string, Bytes>();
  const codesBelow = createHeldCodes();
  const log: Undo[] = [];
  const checkpoints: number[] = [];
  /** Written in this block, also when reverted since; reads alone are not. */
  const touched = new Set<string>();

  function put<T>(map: Map<string, T>, key: string, value: T): void {
    if (checkpoints.length > 0) log.push({ map, key, before: map.get(key) });
    map.set(key, value);
  }

  function storageOf(id: string): Storage {
    let storage = storages.get(id);
    if (storage === undefined) {
      storage = { cleared: false, slots: new Map() };
      storages.set(id, storage);
    }
    return storage;
  }

  function account(address: Bytes, id = toHex(address)): AccountRecord | undefined {
    let found = accounts.get(id);
    if (found === undefined) {
      found = below.account(address) ?? null;
      accounts.set(id, found);
    }
    return found ?? undefined;
  }

  function clearStorage(address: Bytes): void {
    const id = toHex(address);
    touched.add(id);
    put(storages, id, { cleared: true, slots: new Map() });
  }

  function accountDiff(id: string): AccountDiff | undefined {
    const address = fromHex(id);
    const before = below.account(address);
    const after = account(address);
    if (before === undefined && after === undefined) return undefined;
    const storage = storages.get(id);
    const cleared = storage?.cleared === true && before !== undefined && !equalBytes(before.storageRoot, EMPTY_ROOT);
    const slots: AccountDiff["slots"] = [];
    if (after !== undefined && storage !== undefined)
      for (const [hex, value] of storage.slots) {
        const key = fromHex(hex);
        const old = storage.cleared ? NOTHING : below.slot(address, key);
        if (cleared ? value.length > 0 : !equalBytes(old, value)) slots.push({ key, value });
      }
    if (slots.length === 0 && !cleared && before && after && sameAccount(before, after)) return undefined;
    return { address, before, after: after ?? null, cleared, slots };
  }

  return {
    account,
    setAccount(address, value, id = toHex(address)) {
      touched.add(id);
      if (value === undefined) clearStorage(address);
      put(accounts, id, value ?? null);
    },
    slot(address, key, owner = toHex(address), id = toHex(key)) {
      const storage = storageOf(owner);
      let value = storage.slots.get(id);
      if (value === undefined) {
        value = storage.cleared ? NOTHING : below.slot(address, key);
        storage.slots.set(id, value);
      }
      return value;
    },
    setSlot(address, key, value, owner = toHex(address), id = toHex(key)) {
      touched.add(owner);
      put(storageOf(owner).slots, id, value);
    },
    clearStorage,
    code(hash) {
      const id = toHex(hash);
      return codes.get(id) ?? codesBelow.get(id, () => below.code(hash));
    },
    addCode(code) {
      const hash = keccak256(code);
      codes.set(toHex(hash), code);
      return hash;
    },
    checkpoint: () => void checkpoints.push(log.length),
    commit() {
      checkpoints.pop();
      // Nothing can be reverted any more: the log of a block does not grow with its transactions.
      if (checkpoints.length === 0) log.length = 0;
    },
    revert() {
      const position = checkpoints.pop() ?? 0;
      for (let i = log.length - 1; i >= position; i--) {
        const { map, key, before } = log[i] as Undo;
        if (before === undefined) map.delete(key);
        else map.set(key, before);
      }
      log.length = position;
    },
    diff() {
      const diffs = [...touched].sort().map(accountDiff);
      const used = new Set<string>();
      for (const diff of diffs) if (diff?.after) used.add(toHex(diff.after.codeHash));
      return {
        accounts: diffs.filter((diff) => diff !== undefined),
        codes: [...codes].filter(([hash]) => used.has(hash)).map(([hash, code]) => ({ hash: fromHex(hash), code })),
      };
    },
  };
}

function sameAccount(a: AccountRecord, b: AccountRecord): boolean {
  return a.nonce === b.nonce && a.balance === b.balance && equalBytes(a.codeHash, b.codeHash);
}
