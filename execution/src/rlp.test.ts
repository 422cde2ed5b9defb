import { RLP } from "@ethereumjs/rlp";
import { isNoemaError } from "@noema/core/errors";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type RlpItem, rlpDecode, rlpEncode } from "./rlp.ts";

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
