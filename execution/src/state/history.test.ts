/** The flat state, its history and the tries against a model that keeps every height whole. */
import { compareBytes, fromHex, toHex } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { describe, expect, it } from "vitest";
import { rlpEncode } from "../rlp/encode.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { createTrie } from "../trie/trie.ts";
import { EMPTY_CODE_HASH, encodeLeaf } from "./account.ts";
import { commitDiff, pruneOps } from "./commit.ts";
import type { AccountDiff } from "./diff.ts";
import { proveAccount } from "./proof.ts";
import { createFlatState } from "./reader.ts";
import { createRoots } from "./roots.ts";

const HISTORY = 6;
const HEIGHTS = 40;

type Model = Map<string, { balance: bigint; slots: Map<string, Bytes> }>;

describe.each([11, 12, 13])("state through %i", (seed) => {
  let counter = 0;
  /** An integer below n, the same for the same seed. */
  const int = (n: number) => (sha256(Uint8Array.of(seed, counter & 255, counter++ >> 8))[0] as number) % n;
  const address = (i: number) => sha256(Uint8Array.of(i)).subarray(0, 20);
  const slotKey = (i: number) => sha256(Uint8Array.of(99, i));

  function change(model: Model, at: Bytes, stored: AccountDiff["before"]): AccountDiff {
    const before = model.get(toHex(at));
    if (before && int(5) === 0) {
      model.delete(toHex(at));
      return { address: at, before: stored, after: null, cleared: false, slots: [] };
    }
    const cleared = before !== undefined && int(6) === 0;
    const account = { balance: BigInt(int(100)), slots: new Map(cleared ? [] : before?.slots) };
    const slots = new Map<string, Bytes>();
    for (let i = int(7); i > 0; i--) slots.set(toHex(slotKey(int(12))), int(3) === 0 ? new Uint8Array(0) : Uint8Array.of(1 + int(200)));
    for (const [key, value] of slots) value.length === 0 ? account.slots.delete(key) : account.slots.set(key, value);
    model.set(toHex(at), account);
    const after = { nonce: 1n, balance: account.balance, codeHash: EMPTY_CODE_HASH };
    return { address: at, before: stored, after, cleared, slots: [...slots].map(([key, value]) => ({ key: fromHex(key), value })) };
  }

  it("has the root, the values and the proofs of every kept height", async () => {
    const kv = createMemoryStore();
    let roots = createRoots(EMPTY_ROOT, 60);
    let root: Hash = EMPTY_ROOT;
    let oldest = 0;
    const model: Model = new Map();
    const kept: { model: Model; root: Hash }[] = [];
    for (let height = 0; height < HEIGHTS; height++) {
      const touched = new Map<string, Bytes>();
      for (let i = 1 + int(6); i > 0; i--) {
        const at = address(int(14));
        touched.set(toHex(at), at);
      }
      const snapshot = kv.snapshot();
      const state = createFlatState(snapshot, height - 1, height - 1);
      const accounts = [...touched.values()].sort(compareBytes).map((at) => change(model, at, state.account(at)));
      if (int(4) === 0) {
        // Given up before its write: the tries in memory must come back from the store.
        commitDiff(snapshot, roots, height, { accounts, codes: [] });
        roots.settle(root, false);
      }
      if (int(8) === 0) roots = createRoots(root, 60);
      const { ops, stateRoot } = commitDiff(snapshot, roots, height, { accounts, codes: [] });
      const pruned = pruneOps(snapshot, oldest, height - HISTORY);
      oldest = pruned.oldest;
      await kv.write([...ops, ...pruned.ops], true);
      snapshot.close();
      roots.settle(stateRoot, true);
      root = stateRoot;
      expect(toHex(root)).toBe(toHex(rootOf(model)));
      kept.push({ model: structuredClone(model), root });
      check(kv, kept);
    }
  });

  function check(kv: ReturnType<typeof createMemoryStore>, kept: { model: Model; root: Hash }[]): void {
    const snapshot = kv.snapshot();
    const head = kept.length - 1;
    for (let height = Math.max(0, head - HISTORY); height <= head; height++) {
      const { model, root } = kept[height] as { model: Model; root: Hash };
      const state = createFlatState(snapshot, height, head);
      const at = address(int(14));
      const key = slotKey(int(12));
      const wanted = model.get(toHex(at));
      expect(state.account(at)?.balance).toBe(wanted?.balance);
      expect(state.slot(at, key)).toEqual(wanted?.slots.get(toHex(key)) ?? new Uint8Array(0));
      const headRoot = (kept[head] as { root: Hash }).root;
      const proof = proveAccount({ snapshot, height, head, headRoot, stateRoot: root }, at, [key]);
      if (model.size > 0) expect(keccak256(proof.accountProof[0] as Bytes)).toEqual(root);
      expect(proof.account.storageRoot).toEqual(wanted ? storageRoot(wanted.slots) : EMPTY_ROOT);
      if (wanted?.slots.size) expect(keccak256(proof.storage[0]?.proof[0] as Bytes)).toEqual(proof.account.storageRoot);
    }
    snapshot.close();
  }
});

function storageRoot(slots: ReadonlyMap<string, Bytes>): Hash {
  const trie = createTrie();
  for (const [key, value] of slots) trie.set(keccak256(fromHex(key)), rlpEncode(value));
  return trie.commit();
}

function rootOf(model: Model): Hash {
  const trie = createTrie();
  for (const [at, { balance, slots }] of model)
    trie.set(keccak256(fromHex(at)), encodeLeaf({ nonce: 1n, balance, codeHash: EMPTY_CODE_HASH, storageRoot: storageRoot(slots) }));
  return trie.commit();
}

it("leaves nothing of an account that is gone, but history", async () => {
  const kv = createMemoryStore();
  const roots = createRoots(EMPTY_ROOT);
  const at = sha256(Uint8Array.of(1)).subarray(0, 20);
  const slots = Array.from({ length: 40 }, (_, i) => ({ key: sha256(Uint8Array.of(i)), value: Uint8Array.of(1) }));
  const after = { nonce: 1n, balance: 1n, codeHash: EMPTY_CODE_HASH };
  const diffs: Omit<AccountDiff, "before">[] = [
    { address: at, after, cleared: false, slots },
    { address: at, after: null, cleared: false, slots: [] },
  ];
  for (const [height, diff] of diffs.entries()) {
    const snapshot = kv.snapshot();
    const before = createFlatState(snapshot, height - 1, height - 1).account(at);
    const { ops, stateRoot } = commitDiff(snapshot, roots, height, { accounts: [{ ...diff, before }], codes: [] });
    snapshot.close();
    await kv.write(ops, true);
    roots.settle(stateRoot, true);
  }
  const snapshot = kv.snapshot();
  for (const table of ["accounts", "slots", "account-nodes", "storage-nodes"])
    expect([...snapshot.range(table, Uint8Array.of(0), new Uint8Array(60).fill(255), 100)], table).toEqual([]);
  expect([...snapshot.range("history", Uint8Array.of(0), Uint8Array.of(255), 100)].length).toBe(41);
});
