import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createPauses } from "./pauses.ts";

it("doubles up to its most, and begins anew after as long again without one", () => {
  const clock = createSimClock();
  const pauses = createPauses(clock, 10, 50);
  const lengths: number[] = [];
  for (let i = 0; i < 5; i++) {
    pauses.begin("a");
    lengths.push(pauses.leftMs("a"));
    clock.advance(pauses.leftMs("a"));
  }
  expect(lengths).toEqual([10, 20, 40, 50, 50]);
  clock.advance(49);
  pauses.begin("a");
  expect(pauses.leftMs("a")).toBe(50);
  clock.advance(100);
  pauses.begin("a");
  expect([pauses.leftMs("a"), pauses.leftMs("b")]).toEqual([10, 0]);
});

it("does not grow while it lasts", () => {
  const clock = createSimClock();
  const pauses = createPauses(clock, 10, 50);
  for (let i = 0; i < 3; i++) pauses.begin("a");
  clock.advance(4);
  pauses.begin("a");
  expect(pauses.leftMs("a")).toBe(6);
});
