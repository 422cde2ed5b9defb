import { expect, it } from "vitest";
import { BoundedMap } from "./bounded.ts";

it("lets the oldest go when it is full; what is written again keeps its place", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1).set("b", 2).set("a", 3);
  expect([...map]).toEqual([
    ["a", 3],
    ["b", 2],
  ]);
  map.set("c", 4);
  expect([...map.keys()]).toEqual(["b", "c"]);
  expect([map.get("a"), map.get("c"), map.size]).toEqual([undefined, 4, 2]);
});
