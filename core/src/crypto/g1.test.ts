import { expect, it } from "vitest";
import { publicKeyOf } from "./bls.ts";
import { decompressG1, G1_INFINITY } from "./g1.ts";

const ONE = new Uint8Array(32).with(31, 1);

it("decompresses a point of the subgroup to its affine coordinates", () => {
  const generator = publicKeyOf(ONE);
  const affine = decompressG1(generator);
  expect(affine).toHaveLength(96);
  expect(affine?.subarray(1, 48)).toEqual(generator.subarray(1)); // the first byte carries the flags
});

it("knows the point at infinity, and refuses what is no canonical point", () => {
  expect(decompressG1(G1_INFINITY)).toBeUndefined();
  const notCanonical = new Uint8Array(G1_INFINITY).with(47, 1);
  for (const bytes of [notCanonical, new Uint8Array(48), new Uint8Array(47), new Uint8Array(48).fill(0xff)])
    expect(() => decompressG1(bytes)).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
});
