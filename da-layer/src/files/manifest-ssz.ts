/**
 * SSZ of a manifest as files.md 1 lays it out byte for byte, without a library, so that it runs in a browser. Held equal to the
 * library's container by manifest-ssz.test.ts.
 */
import { u64le } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { MAX_NAME_BYTES, MAX_TYPE_BYTES } from "./names.ts";

/** Of one manifest, which a reader decodes at once: 133 GB of objects of the default size, or so many parts. */
export const MAX_ENTRIES = 2 ** 15;
/** id, u64le bytes. */
export const PIECE_BYTES = 40;
/** kind, depth, bytes, sha256, three offsets. */
export const SMALLEST_MANIFEST = 54;

const SHA256_AT = 10;
const OFFSETS_AT = 42;

/** As it lies there, unchecked but for lengths. */
export type ManifestFields = {
  kind: number;
  depth: number;
  bytes: number;
  sha256: Hash;
  contentType: Bytes;
  name: Bytes;
  entries: { id: Hash; bytes: number }[];
};

export function writeManifest({ kind, depth, bytes, sha256, contentType, name, entries }: ManifestFields): Bytes {
  const nameAt = SMALLEST_MANIFEST + contentType.length;
  const entriesAt = nameAt + name.length;
  const out = new Uint8Array(entriesAt + PIECE_BYTES * entries.length);
  const view = new DataView(out.buffer);
  out.set([kind, depth]);
  out.set(u64le(bytes), 2);
  out.set(sha256, SHA256_AT);
  for (const [i, at] of [SMALLEST_MANIFEST, nameAt, entriesAt].entries()) view.setUint32(OFFSETS_AT + 4 * i, at, true);
  out.set(contentType, SMALLEST_MANIFEST);
  out.set(name, nameAt);
  for (const [i, piece] of entries.entries()) {
    out.set(piece.id, entriesAt + PIECE_BYTES * i);
    out.set(u64le(piece.bytes), entriesAt + PIECE_BYTES * i + 32);
  }
  return out;
}

/** undefined where the bytes are not what `writeManifest` makes of any fields within their bounds. */
export function readManifest(ssz: Bytes): ManifestFields | undefined {
  if (ssz.length < SMALLEST_MANIFEST) return undefined;
  const view = new DataView(ssz.buffer, ssz.byteOffset, ssz.length);
  const number = (at: number) => view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
  const [typeAt, nameAt, entriesAt] = [0, 4, 8].map((at) => view.getUint32(OFFSETS_AT + at, true)) as [number, number, number];
  const [typeBytes, nameBytes, count] = [nameAt - typeAt, entriesAt - nameAt, (ssz.length - entriesAt) / PIECE_BYTES];
  if (typeAt !== SMALLEST_MANIFEST || !isBetween(typeBytes, MAX_TYPE_BYTES) || !isBetween(nameBytes, MAX_NAME_BYTES)) return undefined;
  if (!isBetween(count, MAX_ENTRIES)) return undefined;
  const entries = Array.from({ length: count }, (_, i) => {
    const at = entriesAt + PIECE_BYTES * i;
    return { id: ssz.slice(at, at + 32), bytes: number(at + 32) };
  });
  const bytes = number(2);
  if (![bytes, ...entries.map((piece) => piece.bytes)].every(Number.isSafeInteger)) return undefined;
  return {
    kind: view.getUint8(0),
    depth: view.getUint8(1),
    bytes,
    sha256: ssz.slice(SHA256_AT, OFFSETS_AT),
    contentType: ssz.slice(typeAt, nameAt),
    name: ssz.slice(nameAt, entriesAt),
    entries,
  };
}

const isBetween = (value: number, most: number) => Number.isInteger(value) && value >= 0 && value <= most;
