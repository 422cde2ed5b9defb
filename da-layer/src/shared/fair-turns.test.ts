import { createSimClock, settle } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { daError } from "../errors.ts";
import { createFairTurns } from "./fair-turns.ts";

const never = new AbortController().signal;

/** Turns whose works end when the test says so; `begun`: whose, in order. */
function withWork() {
  const clock = createSimClock();
  const turns = createFairTurns(clock, { places: 16, share: 4, queue: 16, slowPlaces: 4, full: () => daError("DA_QUOTA", "full") });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const offer = (asker: string, signal = never) =>
    turns.run(asker, signal, () => {
      begun.push(asker);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  return { clock, turns, begun, ends, offer };
}

it("one asker has four places at once, others have theirs beside it, and its queue has an end", async () => {
  const { begun, ends, offer } = withWork();
  for (let i = 0; i < 20; i++) void offer("a");
  await settle();
  expect(begun).toEqual(["a", "a", "a", "a"]);
  await expect(offer("a")).rejects.toMatchObject({ code: "DA_QUOTA" });
  void offer("b");
  await settle();
  expect(begun.at(-1)).toBe("b");
  ends[0]!();
  await settle();
  expect(begun.slice(5)).toEqual(["a"]);
});

it("a free place goes to who has the fewest, and who leaves while he waits takes none", async () => {
  const { begun, ends, offer } = withWork();
  for (const asker of ["a", "b", "c", "d"]) for (let i = 0; i < 5; i++) void offer(asker);
  const gone = new AbortController();
  const left = offer("e", gone.signal);
  void offer("f");
  await settle();
  expect(begun).toHaveLength(16);
  gone.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  ends[0]!();
  await settle();
  expect(begun[16]).toBe("f");
});

it("many who stall hold up nobody else once they are known, and are forgiven after a minute", async () => {
  const { clock, turns, begun, ends, offer } = withWork();
  const liars = Array.from({ length: 33 }, (_, i) => `liar ${i}`);
  for (const liar of liars) void offer(liar);
  void offer("honest");
  await settle();
  expect(begun).not.toContain("honest"); // all places are taken, for as long as a stall is waited for
  for (const liar of liars) turns.slow(liar);
  for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
    end();
    await settle();
    if (begun.includes("honest")) break;
  }
  expect(begun.indexOf("honest")).toBe(16); // the first place that was free
  while (begun.length < 34) {
    expect(ends.length).toBeLessThanOrEqual(16);
    ends.shift()!();
    await settle();
  }
  begun.length = 0;
  for (const liar of liars) void offer(liar);
  await settle();
  expect(begun.length).toBeLessThanOrEqual(4);
  void offer("honest");
  await settle();
  expect(begun.at(-1)).toBe("honest");
  clock.advance(60_000);
  void offer("another");
  await settle();
  expect(begun.length).toBeGreaterThan(8);
});
