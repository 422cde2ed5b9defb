import { RLP } from "@ethereumjs/rlp";
import { equalBytes } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import fc from "fast-check";
import { expect, it } from "vitest";
import { rlpDecode } from "./decode.ts";
import { headedLength, type RlpItem, rlpEncode, rlpListOf } from "./encode.ts";

const { item } = fc.letrec((tie) => ({
  item: fc.oneof({ maxDepth: 4 }, fc.uint8Array({ maxLength: 80 }), fc.array(tie("item"), { maxLength: 6 })),
}));

it("encodes as @ethereumjs/rlp, and decodes what it encoded", () => {
  fc.assert(
    fc.property(item, (x) => {
      const encoded = rlpEncode(x as RlpItem);
      expect(encoded).toEqual(RLP.encode(x as never));
      expect(rlpEncode(rlpDecode(encoded))).toEqual(encoded);
    }),
  );
  for (const length of [55, 56, 255, 256, 65_535, 65_536, 2 ** 24]) {
    const bytes = new Uint8Array(length);
    expect(equalBytes(rlpListOf([rlpEncode(bytes)]), rlpEncode([bytes]))).toBe(true); // toEqual would take half a minute for 16 MB
    expect(rlpEncode(bytes).length).toBe(headedLength(length));
  }
  const long = new Uint8Array(70_000).fill(1);
  expect(rlpEncode([long])).toEqual(RLP.encode([long]));
});

it("takes no bytes but canonical ones, and fails with RLP_INVALID alone", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        item.map((x) => rlpEncode(x as RlpItem).map((b, i) => (i % 7 === 3 ? b ^ 1 : b))),
      ),
      (bytes) => {
        try {
          expect(rlpEncode(rlpDecode(bytes))).toEqual(bytes);
        } catch (error) {
          if (!isNoemaError(error, "RLP_INVALID")) throw error;
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(() => rlpDecode(new Uint8Array(100).fill(0xc1))).toThrow();
});

it("takes no length beyond what an array can have, however it is written", () => {
  for (const first of [0xb7, 0xf7])
    for (let width = 1; width <= 8; width++) {
      const announced = [...new Uint8Array(width).fill(255)];
      expect(() => rlpDecode(Uint8Array.of(first + width, ...announced, 0)), `${first + width}`).toThrow(/announced/);
      expect(() => rlpDecode(Uint8Array.of(first + width, 0, ...announced.slice(1), 0))).toThrow(/leading zero/);
    }
});
