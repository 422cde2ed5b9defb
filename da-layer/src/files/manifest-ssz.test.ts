import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteListType, ContainerType, ListCompositeType, UintNumberType } from "@noema/core/types/ssz";
import fc from "fast-check";
import { expect, it } from "vitest";
import { MAX_ENTRIES, type ManifestFields, readManifest, writeManifest } from "./manifest-ssz.ts";
import { MAX_NAME_BYTES, MAX_TYPE_BYTES } from "./names.ts";

/** files.md 1. */
const library = new ContainerType({
  kind: new UintNumberType(1),
  depth: new UintNumberType(1),
  bytes: uint64,
  sha256: hash32,
  contentType: new ByteListType(MAX_TYPE_BYTES),
  name: new ByteListType(MAX_NAME_BYTES),
  entries: new ListCompositeType(new ContainerType({ id: hash32, bytes: uint64 }), MAX_ENTRIES),
});

const bytes = fc.maxSafeNat();
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const fields: fc.Arbitrary<ManifestFields> = fc.record({
  kind: fc.nat(255),
  depth: fc.nat(255),
  bytes,
  sha256: hash,
  contentType: fc.uint8Array({ maxLength: MAX_TYPE_BYTES }),
  name: fc.uint8Array({ maxLength: MAX_NAME_BYTES }),
  entries: fc.array(fc.record({ id: hash, bytes }), { maxLength: 20 }),
});

function libraryReads(ssz: Uint8Array): ManifestFields | undefined {
  try {
    return library.deserialize(ssz);
  } catch {
    return undefined;
  }
}

it("writes what the library writes, and reads it back", () => {
  fc.assert(
    fc.property(fields, (value) => {
      const ssz = writeManifest(value);
      expect(ssz).toEqual(library.serialize(value));
      expect(readManifest(ssz)).toEqual(value);
    }),
  );
});

it("reads of damaged bytes what the library reads, and refuses what it refuses", () => {
  const damaged = fields.chain((value) => {
    const ssz = writeManifest(value);
    return fc.oneof(
      fc.tuple(fc.nat(ssz.length - 1), fc.nat(255)).map(([at, byte]) => Object.assign(ssz.slice(), { [at]: byte })),
      fc.nat(ssz.length).map((end) => ssz.subarray(0, end)),
      fc.uint8Array({ maxLength: 80 }).map((tail) => new Uint8Array([...ssz, ...tail])),
    );
  });
  fc.assert(
    fc.property(damaged, (ssz) => {
      expect(readManifest(ssz)).toEqual(libraryReads(ssz));
    }),
    { numRuns: 3000 },
  );
});
