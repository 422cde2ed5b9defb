/** The front end counts what TensorFlow counts. */
import { expect, it } from "vitest";
import { countPairs, languageInput } from "../../../examples/language/features.ts";

const BUCKETS = 5000;
const bucketsOf = (text: string) => [...countPairs(text).counts.entries()].filter(([, n]) => n > 0);

it("buckets are FarmHash's", () => {
  // string_to_hash_bucket_fast of "d e", "e f", "f  " in 5,000, as tfjs 3.21 answers.
  expect(bucketsOf("def ")).toEqual([
    [225, 1],
    [493, 1],
    [2461, 1],
  ]);
});

it("a pair less than bytes, not characters; a line ends in one byte", () => {
  expect(countPairs("").pairs).toBe(0);
  expect(countPairs("é").pairs).toBe(1);
  expect(countPairs("a\r\nb")).toEqual(countPairs("a\nb"));
});

it("looks at the first 10,000 pairs", () => {
  const text = "ab".repeat(6000);
  expect(countPairs(text).pairs).toBe(10_000);
  expect(countPairs(`${text}xyz`)).toEqual(countPairs(text));
});

it("an input holds counts and shares, each at most 127", () => {
  const input = languageInput("aaaaa");
  expect([...input].filter((x) => x !== 0)).toEqual([4, 127]);
  const long = languageInput(`${"a".repeat(500)}${"bc".repeat(2000)}`);
  expect(Math.max(...long.subarray(0, BUCKETS))).toBe(127);
  expect(Math.min(...long)).toBe(0);
});

it("one pair among a thousand has a share of its own", () => {
  const input = languageInput(`${"a".repeat(1000)}b`);
  expect([...input.subarray(BUCKETS)].filter((x) => x > 0).sort((a, b) => a - b)).toEqual([1, 127]);
});
