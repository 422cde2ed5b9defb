import { expect, test } from "vitest";
import { createHeldBatches } from "./held-batches.ts";

const id = (n: number) => new Uint8Array(32).fill(n);
const batch = (bytes: number) => ({ txs: [new Uint8Array(bytes)], hashes: [id(0)] });

test("gives back what was put until it is dropped, or younger ones take more than there is room for", () => {
  const held = createHeldBatches(100);
  const first = batch(40);
  held.put(id(1), first);
  held.put(id(2), batch(40));
  expect(held.get(id(1))).toBe(first);
  held.put(id(3), batch(40));
  expect([1, 2, 3].map((n) => held.get(id(n)) !== undefined)).toEqual([false, true, true]);
  held.drop(id(2));
  held.put(id(4), batch(60));
  expect([2, 3, 4].map((n) => held.get(id(n)) !== undefined)).toEqual([false, true, true]);
  held.put(id(4), batch(60)); // the same again takes no more
  expect(held.get(id(3))).toBeDefined();
  held.put(id(5), batch(101));
  expect([3, 4, 5].map((n) => held.get(id(n)) !== undefined)).toEqual([false, false, false]);
});
