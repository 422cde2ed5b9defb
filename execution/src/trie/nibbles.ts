import type { Bytes } from "@noema/core/ports/bytes";

/** One nibble a byte, high half first. */
export function toNibbles(key: Bytes): Bytes {
  const out = new Uint8Array(2 * key.length);
  for (let i = 0; i < key.length; i++) {
    const byte = key[i] as number;
    out[2 * i] = byte >> 4;
    out[2 * i + 1] = byte & 15;
  }
  return out;
}

/** The inverse of toNibbles; an even number of nibbles. */
export function fromNibbles(nibbles: Bytes): Bytes {
  const out = new Uint8Array(nibbles.length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = ((nibbles[2 * i] as number) << 4) | (nibbles[2 * i + 1] as number);
  return out;
}

/** Hex-prefix encoding (Yellow Paper, appendix C). */
export function hexPrefix(nibbles: Bytes, leaf: boolean): Bytes {
  const odd = nibbles.length & 1;
  const out = new Uint8Array((nibbles.length >> 1) + 1);
  out[0] = ((leaf ? 2 : 0) + odd) << 4;
  if (odd) out[0] |= nibbles[0] as number;
  for (let i = odd, at = 1; i < nibbles.length; i += 2) out[at++] = ((nibbles[i] as number) << 4) | (nibbles[i + 1] as number);
  return out;
}

/** The path of a leaf or extension and which of them it is. */
export function fromHexPrefix(bytes: Bytes): { path: Bytes; leaf: boolean } {
  const flags = (bytes[0] ?? 0) >> 4;
  return { path: toNibbles(bytes).subarray(flags & 1 ? 1 : 2), leaf: flags >= 2 };
}

export function commonPrefix(a: Bytes, b: Bytes): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a[i] === b[i]) i++;
  return i;
}

/** Orders paths so that every path stands before its extensions, in at most 33 bytes: length-tagged half bytes. */
export function packPath(nibbles: Bytes): Bytes {
  return hexPrefix(nibbles, false);
}
