import { fromHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { overridden } from "./overrides.ts";

const address = fromHex("0x00000000000000000000000000000000000000aa");
const key = (n: number) => new Uint8Array(32).fill(n);
const word = (n: number) => Uint8Array.of(...new Uint8Array(31), n);
const below = { account: () => undefined, slot: () => Uint8Array.of(9), code: () => Uint8Array.of(1) };

it("replaces some slots or all of them; of a slot that stands twice the first counts", () => {
  const some = overridden(below, [
    {
      address,
      stateDiff: [
        [key(1), word(5)],
        [key(1), word(6)],
        [key(2), word(0)],
      ],
    },
  ]);
  expect([1, 2, 3].map((n) => [...some.slot(address, key(n))])).toEqual([[5], [], [9]]);
  const all = overridden(below, [{ address, state: [[key(1), word(5)]] }]);
  expect([1, 2].map((n) => [...all.slot(address, key(n))])).toEqual([[5], []]);
  expect([...all.slot(key(7).subarray(12), key(1))]).toEqual([9]);
});

it("reads an override's code under its hash, the same array each time", () => {
  const code = Uint8Array.of(0x5b, 0);
  const state = overridden(below, [{ address, code, balance: 3n }]);
  expect(state.account(address)).toMatchObject({ balance: 3n, codeHash: keccak256(code) });
  expect(state.code(keccak256(code))).toBe(code);
});
