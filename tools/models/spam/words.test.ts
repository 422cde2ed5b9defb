/** What the trainer sees of a text; e2e/examples holds the contract to the same. */
import { expect, it } from "vitest";
import { BUCKETS, bucketsOf, memoInput } from "./words.ts";

const of = (text: string) => bucketsOf(Buffer.from(text));

it("words are runs of letters and digits, whatever their case", () => {
  expect(of("Hello  WORLD")).toEqual(of("hello, world."));
  expect(of("rent 2026")).toHaveLength(3); // two words, one pair
  expect(of("")).toEqual([]);
  expect(of(" .,; ")).toEqual([]);
});

it("! $ and % are words of their own", () => {
  expect(of("free!")).toEqual(of("free !"));
  expect(of("free!")).not.toEqual(of("free"));
  expect(of("50%")[1]).not.toBe(of("50$")[1]);
});

it("pairs know their order", () => expect(of("a b")[2]).not.toBe(of("b a")[2]));

it("an input is 0 and 1", () => {
  const input = memoInput(Buffer.from("the cat and the dog and the cat"));
  expect(input).toHaveLength(BUCKETS);
  expect(new Set(input)).toEqual(new Set([0, 1]));
  expect(input.reduce((a, b) => a + b, 0)).toBe(new Set(of("the cat and the dog and the cat")).size);
});
