/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), reflected, table-driven: about 300 MB/s. */
import type { Bytes } from "@noema/core/ports/bytes";

const POLYNOMIAL = 0x82f63b78;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** `previous` continues a checksum: crc32c(b, crc32c(a)) = crc32c(a || b). */
export function crc32c(bytes: Bytes, previous = 0): number {
  let crc = ~previous;
  for (let i = 0; i < bytes.length; i++) crc = (table[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}
