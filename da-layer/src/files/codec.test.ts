/** Manifests and listings: what is written is read, what breaks the form is refused with its code, whatever the bytes. */
import { ZERO_HASH } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeListing, encodeListing, type ListedFile } from "./listing.ts";
import { decodeManifest, encodeManifest, MAGIC, type Manifest, piecesPerManifest } from "./manifest.ts";

const id = (n: number) => new Uint8Array(32).fill(n);
const file: Manifest = {
  kind: "file",
  depth: 0,
  bytes: 30,
  sha256: id(7),
  contentType: "text/plain; charset=utf-8",
  name: "straße.txt",
  entries: [
    { id: id(1), bytes: 20 },
    { id: id(2), bytes: 10 },
  ],
};
const part: Manifest = { ...file, kind: "part", sha256: ZERO_HASH, contentType: "", name: "" };
const listed = (path: string, bytes = 3): ListedFile => ({ path, bytes, id: bytes === 0 ? ZERO_HASH : id(4), offset: 0 });

describe("a manifest", () => {
  it.each([
    ["a file", file],
    ["a part", part],
    ["an empty file", { ...file, bytes: 0, entries: [] }],
    ["a directory in parts", { ...file, kind: "directory" as const, depth: 1 as const }],
  ])("of %s is read as it was written", (_, manifest) => {
    expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
  });

  const broken: [string, Partial<Record<keyof Manifest, unknown>>, RegExp][] = [
    ["more bytes than its entries", { bytes: 31 }, /other than the 31/],
    ["fewer", { bytes: 29 }, /other than the 29/],
    ["an empty piece", { entries: [...file.entries, { id: id(3), bytes: 0 }] }, /entry 2 is empty/],
    ["a piece beyond an object", { bytes: 2 ** 25, entries: [{ id: id(3), bytes: 2 ** 25 }] }, /more than an object/],
    ["a sum beyond 2^53", { depth: 1, entries: [...file.entries, { id: id(3), bytes: Number.MAX_SAFE_INTEGER }] }, /other than/],
    ["depth 2", { depth: 2 }, /depth 2/],
    ["one part", { depth: 1, entries: [{ id: id(3), bytes: 30 }] }, /1 parts/],
    ["a name with a slash", { name: "a/b" }, /its name has a slash/],
    ["a name that leads upwards", { name: ".." }, /another folder/],
    ["a type with a line break", { contentType: "text/plain\r\nx: y" }, /its content type/],
    ["a part with a name", { kind: "part", contentType: "", sha256: ZERO_HASH }, /a part has/],
    ["a part of nothing", { ...part, bytes: 0, entries: [] }, /a part has/],
  ];
  it.each(broken)("with %s is refused", (_, change, why) => {
    expect(() => encodeManifest({ ...file, ...change } as Manifest)).toThrow(why);
  });

  it("is refused when its bytes are cut, longer, or of another version", () => {
    const bytes = encodeManifest(file);
    for (let end = 0; end < bytes.length; end++)
      expect(() => decodeManifest(bytes.subarray(0, end)), `cut at ${end}`).toThrow(/breaks its form/);
    expect(() => decodeManifest(new Uint8Array([...bytes, 0]))).toThrow(/breaks its form/);
    const later = bytes.slice();
    later[MAGIC.length] = 2;
    expect(() => decodeManifest(later)).toThrow("version 2; 1 is known here");
  });

  it("meets any bytes with the value that they encode, or with its own error", () => {
    const golden = encodeManifest(file);
    const arbitrary = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((tail) => new Uint8Array([...golden.subarray(0, MAGIC.length + 1), ...tail])),
      fc.tuple(fc.nat(golden.length - 1), fc.nat(255)).map(([at, value]) => Object.assign(golden.slice(), { [at]: value })),
    );
    fc.assert(
      fc.property(arbitrary, (bytes) => {
        try {
          expect(encodeManifest(decodeManifest(bytes))).toEqual(bytes);
        } catch (error) {
          if (!isNoemaError(error, "DA_MANIFEST_INVALID")) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([126_976, 1_000_000])("fits one object of %d bytes with as many pieces as are said to fit", (objectBytes) => {
    const count = piecesPerManifest(objectBytes);
    const entries = Array.from({ length: count }, () => ({ id: id(1), bytes: 1 }));
    const largest = { ...file, bytes: count, entries, name: "n".repeat(255), contentType: `a/${"b".repeat(125)}` };
    const { length } = encodeManifest(largest);
    expect(length).toBeLessThanOrEqual(objectBytes);
    expect(length + 40).toBeGreaterThan(objectBytes);
  });
});

describe("a listing", () => {
  it("is read in the order of its paths' bytes, however it was given", () => {
    const files = ["b", "a/c", "a-b", "é/ü", "a/b/c"].map((path) => listed(path));
    const read = decodeListing(encodeListing([...files, listed("empty", 0)]));
    expect(read.map((x) => x.path)).toEqual(["a-b", "a/b/c", "a/c", "b", "empty", "é/ü"]);
  });

  it.each([
    ["an absolute path", ["/etc/passwd"], /absolute/],
    ["a path upwards", ["a/../../b"], /leads to another folder/],
    ["a path through its own folder", ["./a"], /leads to another folder/],
    ["an empty part", ["a//b"], /is empty/],
    ["an empty path", [""], /is empty/],
    ["a backslash", ["a\\b"], /backslash/],
    ["an end of text", ["a\0b"], /control/],
    ["a path twice", ["a", "a"], /not above/],
    ["a file that is a folder", ["a", "a-b", "a/b"], /a file and a folder/],
  ])("with %s is refused", (_, paths, why) => {
    expect(() => encodeListing(paths.map((path) => listed(path)))).toThrow(why);
  });

  it("out of order, cut, or of any other bytes is refused with its code", () => {
    const bytes = encodeListing([listed("a"), listed("b")]);
    const turned = bytes.slice();
    const [a, b] = [bytes.lastIndexOf(97), bytes.lastIndexOf(98)];
    [turned[a], turned[b]] = [98, 97];
    expect(() => decodeListing(turned)).toThrow(/not above/);
    fc.assert(
      fc.property(fc.tuple(fc.nat(bytes.length), fc.uint8Array({ maxLength: 80 })), ([keep, tail]) => {
        const any = new Uint8Array([...bytes.subarray(0, keep), ...tail]);
        try {
          expect(encodeListing(decodeListing(any))).toEqual(any);
        } catch (error) {
          if (!isNoemaError(error, "DA_LISTING_INVALID")) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("with an empty file that lies somewhere, or one that ends beyond all numbers, is refused", () => {
    expect(() => encodeListing([{ ...listed("a", 0), id: id(1) }])).toThrow(/empty and lies/);
    expect(() => encodeListing([{ ...listed("a"), offset: Number.MAX_SAFE_INTEGER }])).toThrow(/beyond/);
  });
});
