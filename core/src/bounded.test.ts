import { expect, it } from "vitest";
import { createBoundedMap, createBoundedSet } from "./bounded.ts";

it("a full map forgets what was neither written nor read for longest, and nothing else", () => {
  const map = createBoundedMap<string, number>(3);
  for (const [i, key] of ["a", "b", "c"].entries()) map.set(key, i);
  expect(map.get("a")).toBe(0);
  map.set("d", 3);
  expect(["a", "b", "c", "d"].map((key) => map.get(key))).toEqual([0, undefined, 2, 3]);
  map.set("a", 9);
  expect([map.size, map.get("a")]).toEqual([3, 9]);
  map.delete("a");
  expect([map.size, map.get("a")]).toEqual([2, undefined]);
});

it("a full set forgets in the same order, and says what is new", () => {
  const set = createBoundedSet<string>(2);
  expect(["a", "b", "a", "c", "b"].map((x) => set.add(x))).toEqual([true, true, false, true, true]);
  expect(["a", "b", "c"].map((x) => set.has(x))).toEqual([false, true, true]);
});
