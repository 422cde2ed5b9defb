/** The flat state, its history and the tries against a model that keeps every height whole. */
import { toHex } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { describe, expect, it } from "vitest";
import { EMPTY_ROOT } from "../trie/node.ts";
import { EMPTY_CODE_HASH } from "./account.ts";
import { commitDiff, pruneOps } from "./commit.ts";
import type { AccountDiff } from "./diff.ts";
import { proveAccount } from "./proof.ts";
import { createFlatState } from "./reader.ts";
import { createRoots } from "./roots.ts";
import { ACCOUNTS, addressAt, createInt, type Model, randomDiff, rootOf, SLOTS, slotAt, storageRootOf } from "./testing/random-state.ts";

const HISTORY = 6;
const HEIGHTS = 40;

describe.each([11, 12, 13])("state through %i", (seed) => {
  const int = createInt(seed);

  it("has the root, the values and the proofs of every kept height", async () => {
    const kv = createMemoryStore();
    let roots = createRoots(EMPTY_ROOT, 60);
    let root: Hash = EMPTY_ROOT;
    let oldest = 0;
    const model: Model = new Map();
    const kept: { model: Model; root: Hash }[] = [];
    for (let height = 0; height < HEIGHTS; height++) {
      const snapshot = kv.snapshot();
      const state = createFlatState(snapshot, height - 1, height - 1);
      const diff = randomDiff(int, model, state);
      if (int(4) === 0) {
        // Given up before its write: the tries in memory must come back from the store.
        commitDiff(snapshot, roots, height, diff);
        roots.settle(root, false);
      }
      if (int(8) === 0) roots = createRoots(root, 60);
      const { ops, stateRoot } = commitDiff(snapshot, roots, height, diff);
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
      const at = addressAt(int(ACCOUNTS));
      const key = slotAt(int(SLOTS));
      const wanted = model.get(toHex(at));
      expect(state.account(at)?.balance).toBe(wanted?.balance);
      expect(state.slot(at, key)).toEqual(wanted?.slots.get(toHex(key)) ?? new Uint8Array(0));
      const headRoot = (kept[head] as { root: Hash }).root;
      const proof = proveAccount({ snapshot, height, head, headRoot, stateRoot: root }, at, [key]);
      if (model.size > 0) expect(keccak256(proof.accountProof[0] as Bytes)).toEqual(root);
      expect(proof.account.storageRoot).toEqual(wanted ? storageRootOf(wanted.slots) : EMPTY_ROOT);
      if (wanted?.slots.size) expect(keccak256(proof.storage[0]?.proof[0] as Bytes)).toEqual(proof.account.storageRoot);
    }
    snapshot.close();
  }
});

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
