import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NoemaError } from "../errors.ts";
import type { AvailabilityCert } from "../ports/data.ts";
import {
  availabilityBody,
  availabilityCertType,
  availabilityHeaderHash,
  availabilityHeaderType,
  fromSszCert,
  toSszCert,
} from "./availability.ts";
import { decodeSsz } from "./ssz.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const u64 = fc.maxSafeNat();
const header = fc.record({
  epoch: u64,
  publisher: u64,
  seq: u64,
  refHeight: u64,
  bytes: u64,
  gasLimitSum: fc.bigInt(0n, 2n ** 64n - 1n),
  expiry: u64,
  id: bytes(32),
});
const cert: fc.Arbitrary<AvailabilityCert> = fc.record({
  kind: fc.constantFrom("batch" as const, "blob" as const, "seal" as const, "system" as const),
  header,
  certificate: fc.record({ bitmap: fc.uint8Array({ maxLength: 25 }), signature: bytes(96) }),
});

describe("availability types", () => {
  it("go both ways", () => {
    fc.assert(
      fc.property(cert, (value) => {
        const ssz = availabilityCertType.serialize(toSszCert(value));
        expect(fromSszCert(decodeSsz(availabilityCertType, ssz))).toEqual(value);
        expect(availabilityBody(value.header).slice(8)).toEqual(availabilityHeaderHash(value.header));
      }),
    );
  });

  it("random and mutated bytes give a value or SSZ_INVALID, and a value has one encoding", () => {
    const some = fc.tuple(cert, fc.array(fc.tuple(fc.nat(250), fc.nat(255)), { maxLength: 3 })).map(([value, edits]) => {
      const ssz = availabilityCertType.serialize(toSszCert(value));
      for (const [at, byte] of edits) if (at < ssz.length) ssz[at] = byte;
      return ssz;
    });
    fc.assert(
      fc.property(fc.oneof(some, fc.uint8Array({ maxLength: 300 })), (data) => {
        try {
          expect(availabilityCertType.serialize(decodeSsz(availabilityCertType, data))).toEqual(data);
        } catch (error) {
          expect(error).toBeInstanceOf(NoemaError);
          expect((error as NoemaError).code).toBe("SSZ_INVALID");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("an integer above 2^53 - 1 is refused, not rounded", () => {
    const sample = fc.sample(header, 1)[0];
    if (sample === undefined) throw new Error("a sample");
    const ssz = availabilityHeaderType.serialize({ ...sample, epoch: 1 });
    ssz[6] = 0x20; // epoch 2^53 + 1
    expect(() => decodeSsz(availabilityHeaderType, ssz)).toThrow(expect.objectContaining({ code: "SSZ_INVALID" }));
    ssz[6] = 0x1f;
    expect(decodeSsz(availabilityHeaderType, ssz).epoch).toBe(0x1f * 2 ** 48 + 1);
  });

  it("an unknown kind is none", () => {
    const sample = fc.sample(cert, 1)[0] as AvailabilityCert;
    expect(fromSszCert({ ...toSszCert(sample), kind: 4 })).toBeUndefined();
  });

  it("a header's hash is that of its fields, however often it is asked for, and another object's is its own", () => {
    fc.assert(
      fc.property(header, (value) => {
        const first = availabilityHeaderHash(value);
        expect(availabilityHeaderHash(value)).toBe(first);
        expect(first).toEqual(availabilityHeaderType.hashTreeRoot(value));
        const next = { ...value, seq: value.seq === 0 ? 1 : 0 };
        expect(availabilityHeaderHash(next)).toEqual(availabilityHeaderType.hashTreeRoot(next));
      }),
    );
  });
});
