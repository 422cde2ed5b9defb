/** Proofs that rebuild a part of a trie, against those of the whole trie, over states large enough to have all upper levels. */
import { compareBytes, toHex, u32be, u64be } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { describe, expect, it } from "vitest";
import { EMPTY_ROOT } from "../trie/node.ts";
import { EMPTY_CODE_HASH } from "./account.ts";
import type { Since } from "./changes.ts";
import { commitDiff } from "./commit.ts";
import type { AccountDiff } from "./diff.ts";
import { type PastTrie, proveBelow, provePast, proveWhole } from "./past-trie.ts";
import { proveAccount } from "./proof.ts";
import { createFlatState } from "./reader.ts";
import { createRoots } from "./roots.ts";
import { UPPER_HEIGHTS, UPPER_LEVELS } from "./upper-refs.ts";

const address = (i: number) => sha256(u32be(i)).subarray(0, 20);
const slotKey = (i: number) => sha256(u32be(i), Uint8Array.of(1));
const contract = address(1_000_000);
const VALUE = { nonce: 1n, codeHash: EMPTY_CODE_HASH };

type Touch = { accounts?: readonly number[]; gone?: readonly number[]; slots?: readonly number[]; cleared?: boolean };

/** A chain of state alone: each block changes what it is told to. */
function startState() {
  const kv = createMemoryStore();
  const roots = createRoots(EMPTY_ROOT);
  const stateRoots: Hash[] = [];
  return {
    kv,
    head: () => stateRoots.length - 1,
    async block({ accounts = [], gone = [], slots = [], cleared = false }: Touch) {
      const height = stateRoots.length;
      const value = u64be(height + 1);
      const diffs: Omit<AccountDiff, "before">[] = [
        ...accounts.map((i) => ({ address: address(i), after: { ...VALUE, balance: BigInt(height) }, cleared: false, slots: [] })),
        ...gone.map((i) => ({ address: address(i), after: null, cleared: false, slots: [] })),
      ];
      if (slots.length > 0 || cleared)
        diffs.push({
          address: contract,
          after: { ...VALUE, balance: 0n },
          cleared,
          slots: slots.map((i) => ({ key: slotKey(Math.abs(i)), value: i < 0 ? new Uint8Array(0) : value })),
        });
      const snapshot = kv.snapshot();
      const { account } = createFlatState(snapshot, height - 1, height - 1);
      const sorted = diffs.map((diff) => ({ ...diff, before: account(diff.address) })).sort((a, b) => compareBytes(a.address, b.address));
      const { ops, stateRoot } = commitDiff(snapshot, roots, height, { accounts: sorted, codes: [] });
      snapshot.close();
      await kv.write(ops, true);
      roots.settle(stateRoot, true);
      stateRoots.push(stateRoot);
    },
    at(height: number) {
      const head = stateRoots.length - 1;
      const [headRoot, stateRoot] = [stateRoots[head] as Hash, stateRoots[height] as Hash];
      return { snapshot: kv.snapshot(), height, head, headRoot, stateRoot };
    },
  };
}

/** As it is asked: how many parts deep the proofs went, and that they are those of the whole trie. */
function counting() {
  const levels: (number | "whole")[] = [];
  const prove = (at: Since, trie: PastTrie, keys: readonly Bytes[]): Bytes[][] => {
    const whole = proveWhole(at, trie, keys);
    const depth = Array.from({ length: UPPER_LEVELS }, (_, i) => UPPER_LEVELS - i).find((n) => proveBelow(at, trie, keys, n) !== undefined);
    if (toHex(trie.newest) !== toHex(trie.past)) levels.push(depth ?? "whole");
    expect(provePast(at, trie, keys)).toEqual(whole);
    for (const proof of whole) if (proof.length > 0) expect(keccak256(proof[0] as Bytes)).toEqual(trie.past);
    return whole;
  };
  return { prove, levels };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe.each([21, 22])("a proof of an earlier height, seed %i", (seed) => {
  let drawn = 0;
  const draw = (n: number) => {
    const bytes = sha256(u32be(seed), u32be(drawn++));
    return (((bytes[0] as number) << 16) | ((bytes[1] as number) << 8) | (bytes[2] as number)) % n;
  };
  const some = (count: number, n: number) => [...new Set(Array.from({ length: count }, () => draw(n)))];

  it("is that of the whole trie, and rebuilds a part of it", async () => {
    const state = startState();
    await state.block({ accounts: range(0, 3000), slots: range(0, 3000) });
    for (let height = 1; height <= 8; height++) {
      const touched = some(40, 4000);
      const gone = height % 5 === 0 ? touched.filter((i) => i % 3 === 0) : [];
      const slots = some(40, 4000).map((i) => (i % 4 === 0 ? -i : i));
      await state.block({ accounts: touched.filter((i) => !gone.includes(i)), gone, slots });
    }
    const { prove, levels } = counting();
    for (let height = 0; height <= state.head(); height++) {
      const at = state.at(height);
      for (let i = 0; i < 2; i++) proveAccount(at, address(draw(4500)), [], prove);
      proveAccount(at, contract, [slotKey(draw(4500)), slotKey(draw(4500))], prove);
      at.snapshot.close();
    }
    // 3,000 keys are 12 to each of 256 branches: all of them are there, at every height.
    expect(new Set(levels)).toEqual(new Set([UPPER_LEVELS]));
    expect(levels.length).toBeGreaterThan(20);
  });

  it("holds where branches come and go, and storage is cleared", async () => {
    const state = startState();
    await state.block({ accounts: range(0, 40), slots: range(0, 40) });
    for (let height = 1; height <= 24; height++) {
      const size = [20, 60, 300, 500][draw(4)] as number;
      const touched = some(40, size);
      const gone = touched.filter(() => draw(3) === 0);
      const slots = height % 7 === 0 ? [] : some(40, size).map((i) => (draw(3) === 0 ? -i : i));
      await state.block({ accounts: touched.filter((i) => !gone.includes(i)), gone, slots, cleared: draw(9) === 0 });
    }
    const { prove, levels } = counting();
    for (let height = 0; height <= state.head(); height++) {
      const at = state.at(height);
      for (let i = 0; i < 2; i++) proveAccount(at, address(draw(500)), [], prove);
      proveAccount(at, contract, [slotKey(draw(500)), slotKey(draw(500))], prove);
      at.snapshot.close();
    }
    expect(new Set(levels).size).toBeGreaterThan(1);
  });
});

it("is told by no part whose refs are wrong", async () => {
  const state = startState();
  await state.block({ accounts: range(0, 2000) });
  for (let height = 1; height <= 3; height++) await state.block({ accounts: range(100 * height, 100 * height + 50) });
  const entries = upperRefs(state.kv.snapshot());
  expect(entries.length).toBe(3);
  for (const [key, value] of entries) {
    const wrong = value.slice();
    wrong[wrong.length - 1] = (wrong[wrong.length - 1] as number) ^ 1;
    await state.kv.write([{ table: "upper-refs", key, value: wrong }], true);
  }
  const { prove, levels } = counting();
  for (let i = 0; i < 2000; i += 40) proveAccount(state.at(1), address(i), [], prove);
  expect(new Set(levels)).toContain("whole");
});

it("needs no refs of more heights than it promises", async () => {
  const state = startState();
  await state.block({ accounts: range(0, 20) });
  for (let height = 1; height <= UPPER_HEIGHTS + 9; height++) await state.block({ accounts: range(0, 20) });
  const heights = upperRefs(state.kv.snapshot()).map(([key]) => Number(Buffer.from(key).readBigUInt64BE()));
  expect([heights[0], heights.length]).toEqual([10, UPPER_HEIGHTS]);
});

function upperRefs(snapshot: KvSnapshot): [Bytes, Bytes][] {
  return [...snapshot.range("upper-refs", Uint8Array.of(0), Uint8Array.of(255), 1e6)];
}
