import { u64le } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { createValidatorSet } from "@noema/core/validator-set";
import { expect, it } from "vitest";
import { createHomeOrders, homeOrder, negativeLog2 } from "./home.ts";

const seed = new Uint8Array(32).fill(7);
const sender = (i: number) => sha256(u64le(i)).subarray(0, 20);
const setOf = (weights: bigint[]): ValidatorSet =>
  createValidatorSet(
    0,
    weights.map((weight, i) => ({ publicKey: new Uint8Array(48).fill(i + 1), weight, feeAddress: new Uint8Array(20) })),
  );

it("ranks every validator once, the same for everybody, by seed and sender", () => {
  const set = setOf([3n, 1n, 1n, 1n, 9n]);
  for (let i = 0; i < 50; i++) {
    const order = homeOrder(seed, set, sender(i));
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  }
  const other = seed.with(0, 8);
  const moved = Array.from({ length: 50 }, (_, i) => i).filter(
    (i) => homeOrder(seed, set, sender(i))[0] !== homeOrder(other, set, sender(i))[0],
  );
  expect(moved.length).toBeGreaterThan(5);
});

it("a memory of orders tells senders, seeds and sets apart", () => {
  const orders = createHomeOrders();
  const sets = [setOf([3n, 1n, 1n]), setOf([1n, 1n, 3n])];
  for (let round = 0; round < 2; round++)
    for (const s of [seed, seed.with(0, 8)])
      for (const set of sets) for (let i = 0; i < 20; i++) expect(orders(s, set, sender(i))).toEqual(homeOrder(s, set, sender(i)));
});

it("gives first places in proportion to stake", () => {
  const set = setOf([1n, 2n, 3n, 10n]);
  const first = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) first[homeOrder(seed, set, sender(i))[0]!]!++;
  for (const [v, count] of first.entries()) expect(count / 4000).toBeCloseTo(Number(set.members[v]!.weight) / 16, 1);
});

it("a change of one weight moves senders only to or from that validator", () => {
  const before = setOf([1n, 2n, 3n, 10n]);
  const after = setOf([1n, 2n, 6n, 10n]);
  for (let i = 0; i < 500; i++) {
    const [a, b] = [homeOrder(seed, before, sender(i))[0]!, homeOrder(seed, after, sender(i))[0]!];
    if (a !== b) expect(b).toBe(2);
  }
});

it("the integer logarithm is within 2^-31 of the real one, falls with u, and is at least 1", () => {
  for (const u of [1n, 2n, 3n, 1000n, 2n ** 32n + 1n, 2n ** 63n, 2n ** 64n - 1n])
    expect(Number(negativeLog2(u)) / 2 ** 32).toBeCloseTo(64 - Math.log2(Number(u)), 8);
  expect(negativeLog2(2n ** 64n - 1n)).toBe(1n);
  expect(negativeLog2(1n)).toBe(64n << 32n);
});
