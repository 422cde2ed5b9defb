/**
 * A strict cursor over RLP (Ethereum Yellow Paper, appendix B). Nothing is copied: items are offsets into the bytes.
 * Strict: a single byte below 0x80 stands for itself, long lengths have no leading zero and are at least 56, nothing
 * reaches beyond its list, integers have no leading zero.
 */

import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";

export type RlpReader = {
  readonly bytes: Bytes;
  /** Made by the first integer that is read by it. */
  view?: DataView;
  readonly end: number;
  /** Start of the next item's header. */
  at: number;
  /** The item `next` has read: its payload is bytes [from, to). */
  list: boolean;
  from: number;
  to: number;
};

/** Reads items of bytes [from, to). */
export function createReader(bytes: Bytes, from = 0, to = bytes.length): RlpReader {
  return { bytes, view: undefined, end: to, at: from, list: false, from, to: from };
}

/** Moves over the next item; throws RLP_INVALID. */
export function next(r: RlpReader, field: string): void {
  if (r.at >= r.end) throw rlpError("missing", field, r.at);
  const first = r.bytes[r.at] as number;
  r.list = first >= 0xc0;
  if (first < 0x80) {
    r.from = r.at;
    r.to = r.at + 1;
  } else {
    const short = first - (r.list ? 0xc0 : 0x80);
    if (short <= 55) {
      r.from = r.at + 1;
      r.to = r.from + short;
    } else readLongLength(r, short - 55, field);
    if (r.to > r.end) throw rlpError(`${r.to - r.from} bytes announced where ${r.end - r.from} are left`, field, r.at);
    if (!r.list && short === 1 && (r.bytes[r.from] as number) < 0x80) throw rlpError("a byte below 0x80 has a length", field, r.at);
  }
  r.at = r.to;
}

/** More bytes than an array can have need more than these. */
const MAX_WIDTH = 6;

function readLongLength(r: RlpReader, width: number, field: string): void {
  r.from = r.at + 1 + width;
  if (r.from > r.end) throw rlpError("the length is cut off", field, r.at);
  if (r.bytes[r.at + 1] === 0) throw rlpError("the length has a leading zero", field, r.at);
  if (width > MAX_WIDTH) throw rlpError(`a length of ${width} bytes announced where ${r.end - r.from} are left`, field, r.at);
  let length = 0;
  for (let i = r.at + 1; i < r.from; i++) length = length * 256 + (r.bytes[i] as number);
  if (length < 56) throw rlpError(`length ${length} in the long form`, field, r.at);
  r.to = r.from + length;
}

/** The next item's bytes, a view. */
export function readString(r: RlpReader, field: string): Bytes {
  const header = r.at;
  next(r, field);
  if (r.list) throw rlpError("a list where a string is expected", field, header);
  return r.bytes.subarray(r.from, r.to);
}

/** A reader of the next item, a list. */
export function readList(r: RlpReader, field: string): RlpReader {
  const header = r.at;
  next(r, field);
  if (!r.list) throw rlpError("a string where a list is expected", field, header);
  return inside(r);
}

/** A reader of what is in the list that `next` has read. */
export function inside(r: RlpReader): RlpReader {
  return { bytes: r.bytes, view: r.view, end: r.to, at: r.from, list: false, from: r.from, to: r.from };
}

/** The next item as a big-endian unsigned integer of at most `maxBytes` bytes. */
export function readUint(r: RlpReader, maxBytes: number, field: string): bigint {
  const header = r.at;
  next(r, field);
  if (r.list) throw rlpError("a list where an integer is expected", field, header);
  const length = r.to - r.from;
  if (length > maxBytes) throw rlpError(`an integer of ${length} bytes where ${maxBytes} are the limit`, field, header);
  if (length > 0 && r.bytes[r.from] === 0) throw rlpError("an integer with a leading zero", field, header);
  return uintAt(r, length);
}

/** Small integers need no BigInt arithmetic; large ones go 8 bytes at a time. */
function uintAt(r: RlpReader, length: number): bigint {
  const headLength = length <= 6 ? length : length % 8;
  let head = 0;
  for (let i = 0; i < Math.min(headLength, 6); i++) head = head * 256 + (r.bytes[r.from + i] as number);
  let value = BigInt(head);
  if (headLength === 7) value = (value << 8n) | BigInt(r.bytes[r.from + 6] as number);
  if (r.from + headLength === r.to) return value;
  r.view ??= new DataView(r.bytes.buffer, r.bytes.byteOffset, r.bytes.byteLength);
  for (let at = r.from + headLength; at < r.to; at += 8) value = (value << 64n) | r.view.getBigUint64(at);
  return value;
}

export function atEnd(r: RlpReader): boolean {
  return r.at === r.end;
}

/** Throws RLP_INVALID when items are left. */
export function expectEnd(r: RlpReader, what: string): void {
  if (r.at !== r.end) throw rlpError(`${r.end - r.at} bytes too many`, what, r.at);
}

/** `at` is the offset of the item's header in the bytes that were given. */
function rlpError(reason: string, field: string, at: number): NoemaError<"RLP_INVALID"> {
  return execError("RLP_INVALID", `${field}: ${reason} (at byte ${at})`, { field, at, reason });
}
