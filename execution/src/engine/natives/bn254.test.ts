/** A pairing of what is no point is refused: coordinates of zero are the ones that a check may take for infinity. */
import { bn254 } from "@noble/curves/bn254.js";
import { bigIntToBytes, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { expect, it } from "vitest";
import { bn254Pairing } from "./bn254.ts";

const GAS = 1_000_000n;
const word = (value: bigint) => bigIntToBytes(value, 32);
const { BASE: ONE } = bn254.G1.Point;
const { BASE: TWO } = bn254.G2.Point;
const first = (y = ONE.y) => concatBytes(word(ONE.x), word(y));
const second = (...[a, b, c, d]: bigint[]) => concatBytes(...[a, b, c, d].map((part) => word(part as bigint)));
const { x, y } = TWO.toAffine();
const pair = async (one: Bytes, two: Bytes) => (await bn254Pairing({ data: concatBytes(one, two), gasLimit: GAS })).failure;

it.each([
  ["y = 0 in G2", first(), second(x.c1, x.c0, 0n, 0n)],
  ["y = 0 in G2, a small x", first(), second(0n, 8n, 0n, 0n)],
  ["y = 0 in G2 beside infinity", new Uint8Array(64), second(x.c1, x.c0, 0n, 0n)],
  ["x = 0 in G2", first(), second(0n, 0n, y.c1, y.c0)],
  ["half of y = 0 in G2", first(), second(x.c1, x.c0, 0n, y.c0)],
  ["y = 0 in G1", first(0n), second(x.c1, x.c0, y.c1, y.c0)],
  ["x = 0 in G1", concatBytes(word(0n), word(ONE.y)), second(x.c1, x.c0, y.c1, y.c0)],
])("refuses %s", async (_, one, two) => {
  expect(await pair(one, two)).toBe("REVERT");
});

it("takes points and infinity", async () => {
  expect(await pair(first(), second(x.c1, x.c0, y.c1, y.c0))).toBeUndefined();
  expect(await pair(first(), new Uint8Array(128))).toBeUndefined();
  expect(await pair(new Uint8Array(64), second(x.c1, x.c0, y.c1, y.c0))).toBeUndefined();
});
