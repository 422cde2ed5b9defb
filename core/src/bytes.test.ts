import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bigIntToBytes,
  bytesToBigInt,
  compareBytes,
  concatBytes,
  equalBytes,
  fromHex,
  readU64be,
  to0x,
  toHex,
  u32be,
  u64be,
  u64le,
} from "./bytes.ts";

const invalid = expect.objectContaining({ code: "HEX_INVALID" });

describe("hex", () => {
  it("goes both ways, with and without 0x", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(fromHex(to0x(bytes))).toEqual(bytes);
        expect(fromHex(toHex(bytes).toUpperCase(), bytes.length)).toEqual(bytes);
      }),
    );
  });

  it("refuses what is not hex, or has another length", () => {
    for (const bad of ["0x1", "0xzz", "0X00", "00 0", "0x0x", "١٢"]) expect(() => fromHex(bad), bad).toThrow(invalid);
    expect(() => fromHex("0x0011", 3)).toThrow(invalid);
    expect(() => fromHex("x".repeat(10_000))).toThrow(/^.{0,200}$/);
  });

  it("reads a view, not the buffer behind it", () => {
    expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe("0203");
  });
});

describe("integers", () => {
  it("are exact up to 2^53 - 1 and order as bytes", () => {
    const integer = fc.nat().chain((low) => fc.nat(2 ** 21 - 1).map((high) => high * 2 ** 32 + low));
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(readU64be(u64be(a))).toBe(a);
        expect(bytesToBigInt(u64le(a).reverse())).toBe(BigInt(a));
        expect(Math.sign(compareBytes(u64be(a), u64be(b)))).toBe(Math.sign(a - b));
      }),
    );
    expect(readU64be(concatBytes(Uint8Array.of(9), u64be(2 ** 53 - 1)), 1)).toBe(2 ** 53 - 1);
    expect(toHex(u32be(0x01020304))).toBe("01020304");
  });

  it("bigints keep their length, and must fit", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 256n - 1n), (value) => {
        expect(bytesToBigInt(bigIntToBytes(value, 32))).toBe(value);
      }),
    );
    expect(bytesToBigInt(new Uint8Array(0))).toBe(0n);
    expect(() => bigIntToBytes(256n, 1)).toThrow(invalid);
    expect(() => bigIntToBytes(-1n, 4)).toThrow(invalid);
  });
});

describe("comparison", () => {
  it("is unsigned and lexicographic", () => {
    expect(compareBytes(Uint8Array.of(0x80), Uint8Array.of(0x7f))).toBe(1);
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(-1);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
  });
});
