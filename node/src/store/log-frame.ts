/**
 * Format of a log file. A segment is a header, "noemalg1" || u64be base, and frames; a frame is
 * u32be length || u32be crc32c(u64be position || u32be length || record) || record. The position of a frame is base plus its
 * offset behind the header, so it never repeats, needs no index, and a frame copied elsewhere does not verify.
 */
import { concatBytes, equalBytes, readU64be, u32be, u64be, utf8 } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { crc32c } from "./crc32c.ts";

const MAGIC = utf8("noemalg1");
export const HEADER_BYTES = 16;
export const FRAME_BYTES = 8;

export function encodeHeader(base: number): Bytes {
  return concatBytes(MAGIC, u64be(base));
}

/** The base, or undefined when this is no header. */
export function decodeHeader(bytes: Bytes): number | undefined {
  return bytes.length >= HEADER_BYTES && equalBytes(bytes.subarray(0, 8), MAGIC) ? readU64be(bytes, 8) : undefined;
}

export function encodeFrame(position: number, record: Bytes): Bytes {
  return concatBytes(u32be(record.length), u32be(checksum(position, record)), record);
}

/** The record of the frame that starts at `offset`; undefined when it is cut off or does not verify. Aliases `bytes`. */
export function decodeFrame(bytes: Bytes, offset: number, position: number): Bytes | undefined {
  if (offset + FRAME_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, FRAME_BYTES);
  const length = view.getUint32(0);
  if (length > bytes.length - offset - FRAME_BYTES) return undefined;
  const record = bytes.subarray(offset + FRAME_BYTES, offset + FRAME_BYTES + length);
  return view.getUint32(4) === checksum(position, record) ? record : undefined;
}

function checksum(position: number, record: Bytes): number {
  return crc32c(record, crc32c(concatBytes(u64be(position), u32be(record.length))));
}
