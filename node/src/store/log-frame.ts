/**
 * Format of a log file, version 2 (encoding.md 10). A segment is a header, "noemalg2" || u64be base || owner || u32be crc32c of all that, and frames;
 * a frame is head and record, the head u32be length || u32be batch || u32be crcHead || u32be crcRecord:
 *   crcHead   = crc32c(owner || u64be position || u32be length || u32be batch)
 *   crcRecord = crc32c(owner || u64be position || u32be length || u32be batch || record)
 * The position of a frame is base plus its offset behind the header: it never repeats, needs no index, and a frame copied
 * elsewhere does not verify. `batch` is the frame's offset in the bytes written together with it: all before
 * `position - batch` was durable when they were written, which tells damage from a write that a crash cut off.
 */
import { concatBytes, equalBytes, readU64be, u32be, u64be, utf8 } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { crc32c } from "./crc32c.ts";
import { OWNER_BYTES } from "./log-owner.ts";

const MAGIC = utf8("noemalg2");
const OLD_MAGIC = utf8("noemalg1");
export const HEADER_BYTES = 16 + OWNER_BYTES + 4;
export const FRAME_BYTES = 16;

export type Head = { length: number; batchStart: number };

export function encodeHeader(base: number, owner: Bytes): Bytes {
  const fields = concatBytes(MAGIC, u64be(base), owner);
  return concatBytes(fields, u32be(crc32c(fields)));
}

/** undefined when this is no header, or a damaged one. */
export function decodeHeader(bytes: Bytes): { base: number; owner: Bytes } | undefined {
  if (bytes.length < HEADER_BYTES || !equalBytes(bytes.subarray(0, 8), MAGIC)) return undefined;
  const fields = bytes.subarray(0, HEADER_BYTES - 4);
  if (u32At(bytes, HEADER_BYTES - 4) !== crc32c(fields)) return undefined;
  return { base: readU64be(bytes, 8), owner: fields.slice(16) };
}

/** A file of version 1, which named no owner. */
export function isOldHeader(bytes: Bytes): boolean {
  return bytes.length >= 8 && equalBytes(bytes.subarray(0, 8), OLD_MAGIC);
}

export type FrameFormat = {
  encode(position: number, batchStart: number, record: Bytes): Bytes;
  /** The head at `offset`; undefined when it is cut off or does not verify. */
  head(bytes: Bytes, offset: number, position: number): Head | undefined;
  /** The record of the frame that starts at `offset`; undefined when it is cut off or does not verify. Aliases `bytes`. */
  record(bytes: Bytes, offset: number, position: number): Bytes | undefined;
};

export function createFrameFormat(owner: Bytes): FrameFormat {
  const seed = crc32c(owner);
  const checked = new Uint8Array(16);
  const checkedView = new DataView(checked.buffer);
  function crcHead(position: number, length: number, batch: number): number {
    checkedView.setUint32(0, Math.floor(position / 2 ** 32));
    checkedView.setUint32(4, position % 2 ** 32);
    checkedView.setUint32(8, length);
    checkedView.setUint32(12, batch);
    return crc32c(checked, seed);
  }
  function head(bytes: Bytes, offset: number, position: number): Head | undefined {
    if (offset + FRAME_BYTES > bytes.length) return undefined;
    const length = u32At(bytes, offset); // no view of it: recovery asks at every byte of what is damaged
    if (length > bytes.length - offset - FRAME_BYTES) return undefined;
    const batch = u32At(bytes, offset + 4);
    if (batch > position) return undefined;
    return u32At(bytes, offset + 8) === crcHead(position, length, batch) ? { length, batchStart: position - batch } : undefined;
  }
  return {
    head,
    encode(position, batchStart, record) {
      const batch = position - batchStart;
      const crc = crcHead(position, record.length, batch);
      return concatBytes(u32be(record.length), u32be(batch), u32be(crc), u32be(crc32c(record, crc)), record);
    },
    record(bytes, offset, position) {
      const found = head(bytes, offset, position);
      if (found === undefined) return undefined;
      const record = bytes.subarray(offset + FRAME_BYTES, offset + FRAME_BYTES + found.length);
      return u32At(bytes, offset + 12) === crc32c(record, u32At(bytes, offset + 8)) ? record : undefined;
    },
  };
}

function u32At(bytes: Bytes, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}
