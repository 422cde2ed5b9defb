/** Blocks and reverts in any order, reverts of reverts too, against a model that keeps every height whole. */
import { equalBytes, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { describe, expect, it } from "vitest";
import { EMPTY_ROOT } from "../trie/node.ts";
import { commitDiff } from "./commit.ts";
import type { StateDiff } from "./diff.ts";
import { createJournal } from "./journal.ts";
import { proveAccount } from "./proof.ts";
import { createFlatState } from "./reader.ts";
import { restoreState } from "./restore.ts";
import { createRoots } from "./roots.ts";
import { ACCOUNTS, addressAt, createInt, type Model, randomDiff, rootOf, SLOTS, slotAt, storageRootOf } from "./testing/random-state.ts";

const HEIGHTS = 60;

function stateChain() {
  const kv = createMemoryStore();
  const roots = createRoots(EMPTY_ROOT, 60);
  let height = -1;
  return {
    kv,
    head: () => height,
    async next(diffOf: (snapshot: ReturnType<typeof kv.snapshot>) => StateDiff): Promise<Hash> {
      const snapshot = kv.snapshot();
      const { ops, stateRoot } = commitDiff(snapshot, roots, height + 1, diffOf(snapshot));
      snapshot.close();
      await kv.write(ops, true);
      roots.settle(stateRoot, true);
      height++;
      return stateRoot;
    },
  };
}

describe.each([21, 22, 23, 24])("state through reverts, seed %i", (seed) => {
  const int = createInt(seed);

  it("has the root of the height that it goes back to, and every height keeps its values and proofs", async () => {
    const { kv, head, next } = stateChain();
    let model: Model = new Map();
    const kept: { model: Model; root: Hash }[] = [];
    while (kept.length < HEIGHTS) {
      const isRevert = kept.length > 2 && int(3) === 0;
      const to = isRevert ? int(kept.length) : 0;
      const root = await next((snapshot) => {
        const state = createFlatState(snapshot, head(), head());
        if (!isRevert) return randomDiff(int, model, state);
        model = structuredClone((kept[to] as { model: Model }).model);
        const journal = createJournal(state);
        restoreState(journal, { snapshot, height: to, head: head() }, () => false);
        return journal.diff();
      });
      expect(toHex(root)).toBe(toHex(rootOf(model)));
      kept.push({ model: structuredClone(model), root });
    }
    const snapshot = kv.snapshot();
    for (const [height, { model, root }] of kept.entries())
      for (let i = 0; i < ACCOUNTS; i++) {
        const [at, key] = [addressAt(i), slotAt(int(SLOTS))];
        const state = createFlatState(snapshot, height, head());
        const wanted = model.get(toHex(at));
        expect(state.account(at)?.balance).toBe(wanted?.balance);
        expect(state.slot(at, key)).toEqual(wanted?.slots.get(toHex(key)) ?? new Uint8Array(0));
        const headRoot = (kept.at(-1) as { root: Hash }).root;
        const proof = proveAccount({ snapshot, height, head: head(), headRoot, stateRoot: root }, at, [key]);
        if (model.size > 0) expect(keccak256(proof.accountProof[0] as Bytes)).toEqual(root);
        expect(proof.account.storageRoot).toEqual(wanted ? storageRootOf(wanted.slots) : EMPTY_ROOT);
      }
    snapshot.close();
  });
});

it("leaves accounts as they are that are to be kept, with their slots", async () => {
  const { kv, head, next } = stateChain();
  const [kept, other] = [addressAt(0), addressAt(1)];
  const key = slotAt(0);
  const set = (balance: bigint) => (snapshot: ReturnType<typeof kv.snapshot>) => {
    const journal = createJournal(createFlatState(snapshot, head(), head()));
    for (const at of [kept, other]) {
      journal.setAccount(at, { nonce: 1n, balance, codeHash: keccak256(new Uint8Array(0)), storageRoot: EMPTY_ROOT });
      journal.setSlot(at, key, Uint8Array.of(Number(balance)));
    }
    return journal.diff();
  };
  await next(set(1n));
  await next(set(2n));
  await next((snapshot) => {
    const journal = createJournal(createFlatState(snapshot, 1, 1));
    restoreState(journal, { snapshot, height: 0, head: 1 }, (address) => equalBytes(address, kept));
    return journal.diff();
  });
  const state = createFlatState(kv.snapshot(), 2, 2);
  expect([kept, other].map((at) => [state.account(at)?.balance, state.slot(at, key)[0]])).toEqual([
    [2n, 2],
    [1n, 1],
  ]);
});
