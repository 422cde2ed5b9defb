import type { Bytes } from "@noema/core/ports/bytes";

/** The header of a list whose payload has `length` bytes, below 2^32. */
export function listHeader(length: number): Bytes {
  if (length < 56) return Uint8Array.of(0xc0 + length);
  const width = length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
  const out = new Uint8Array(1 + width);
  out[0] = 0xf7 + width;
  for (let i = 0; i < width; i++) out[width - i] = length >>> (8 * i);
  return out;
}
