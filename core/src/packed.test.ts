import fc from "fast-check";
import { expect, it } from "vitest";
import { packBytes, unpackBytes } from "./packed.ts";

it("gives back what was packed, also from the middle of a larger buffer", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.nat(9), (items, offset) => {
      const packed = packBytes(items);
      expect(packed.length).toBe(packed.buffer.byteLength); // it can be handed over
      const inside = new Uint8Array(offset + packed.length + 3);
      inside.set(packed, offset);
      expect(unpackBytes(inside.subarray(offset, offset + packed.length))).toEqual(items);
    }),
  );
});
