import { expect, it } from "vitest";
import { createKeyedValidators } from "./testing/keyed-scheme.ts";
import { indexOf, isMember, publicKeyAt, publicKeysOf } from "./validator-index.ts";

it("a key has an index in each set that it is a member of, and none elsewhere", () => {
  const { set, signers } = createKeyedValidators([1n, 1n, 1n]);
  const [a, b, c] = signers.map((x) => x.publicKey);
  const joined = { ...set, epoch: 1, members: [...set.members.slice(1), ...set.members.slice(0, 1)] };
  expect([a, b, c].map((key) => indexOf(set, key))).toEqual([0, 1, 2]);
  expect([a, b, c].map((key) => indexOf(joined, key))).toEqual([2, 0, 1]);
  expect(publicKeysOf(joined)).toEqual([b, c, a]);
  expect([publicKeyAt(joined, 2), publicKeyAt(joined, 3)]).toEqual([a, undefined]);
  const [stranger] = createKeyedValidators([1n], { seed: "another" }).signers.map((x) => x.publicKey);
  expect([isMember(set, a), isMember(set, stranger), isMember(set, undefined), isMember(undefined, a)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
