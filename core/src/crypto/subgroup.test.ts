import { expect, it } from "vitest";
import { publicKeyOf } from "./bls.ts";
import { decompressG1 } from "./g1.ts";
import { isInG1, isInG2 } from "./subgroup.ts";

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

/** The generator of G2, and a point of the twist outside. */
const GENERATOR_TWO = bytes(
  "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e" +
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8" +
    "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be" +
    "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801",
);

it("knows the points of the subgroups", () => {
  expect(isInG1(decompressG1(publicKeyOf(new Uint8Array(32).with(31, 7))) as Uint8Array)).toBe(true);
  expect(isInG2(GENERATOR_TWO)).toBe(true);
});

it("knows a point of the curve outside the subgroup: (0, 2) has order 3", () => {
  expect(isInG1(new Uint8Array(96).with(95, 2))).toBe(false);
});

it("answers for nothing but finite points of the curve", () => {
  for (const point of [new Uint8Array(96), new Uint8Array(96).fill(1), new Uint8Array(95), new Uint8Array(96).with(0, 0xc0)])
    expect(() => isInG1(point)).toThrow();
  for (const point of [new Uint8Array(192), new Uint8Array(192).fill(1), new Uint8Array(96), new Uint8Array(192).with(0, 0xc0)])
    expect(() => isInG2(point)).toThrow();
});
