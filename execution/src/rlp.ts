/** Recursive Length Prefix (Yellow Paper, appendix B). An item is bytes or a list of items; decoding is strict (one encoding per item). */
import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { execError } from "./errors.ts";

export type RlpItem = Bytes | readonly RlpItem[];

const EMPTY = new Uint8Array(0);
/** Deeper lists than any Ethereum object has: bounds the recursion on bytes from outside. */
const MAX_DEPTH = 16;

export function rlpEncode(item: RlpItem): Bytes {
  const out = new Uint8Array(encodedLength(item));
  write(item, out, 0);
  return out;
}

/** The shortest big-endian form; 0 is the empty string. */
export function rlpInt(value: bigint | number): Bytes {
  if (typeof value === "number" && value < 128) return value === 0 ? EMPTY : Uint8Array.of(value);
  const hex = value.toString(16);
  return value === 0n ? EMPTY : new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
}

/** Throws RLP_INVALID. Byte strings are views of `data`. */
export function rlpDecode(data: Bytes): RlpItem {
  const [item, end] = read(data, 0, data.length, 0);
  if (end !== data.length) throw invalid(`${data.length - end} bytes follow the item`);
  return item;
}

/** The items of a list of byte strings; throws RLP_INVALID when it is anything else or has another length than `length`. */
export function rlpDecodeFlat(data: Bytes, length?: number): Bytes[] {
  const list = asList(rlpDecode(data));
  if (length !== undefined && list.length !== length) throw invalid(`a list of ${list.length} where ${length} items are expected`);
  return list.map(asBytes);
}

export function asBytes(item: RlpItem | undefined): Bytes {
  if (!(item instanceof Uint8Array)) throw invalid("a list where a byte string is expected");
  return item;
}

export function asList(item: RlpItem | undefined): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) throw invalid("a byte string where a list is expected");
  return item;
}

function invalid(why: string): NoemaError {
  return execError("RLP_INVALID", `not RLP: ${why}`);
}

function payloadLength(items: readonly RlpItem[]): number {
  let length = 0;
  for (const item of items) length += encodedLength(item);
  return length;
}

function encodedLength(item: RlpItem): number {
  if (item instanceof Uint8Array) return item.length === 1 && (item[0] as number) < 0x80 ? 1 : headLength(item.length) + item.length;
  const payload = payloadLength(item);
  return headLength(payload) + payload;
}

function headLength(length: number): number {
  return length < 56 ? 1 : 1 + byteCount(length);
}

function byteCount(n: number): number {
  return n < 0x100 ? 1 : n < 0x10000 ? 2 : n < 0x1000000 ? 3 : 4;
}

function write(item: RlpItem, out: Bytes, at: number): number {
  if (item instanceof Uint8Array) {
    if (item.length === 1 && (item[0] as number) < 0x80) {
      out[at] = item[0] as number;
      return at + 1;
    }
    const start = writeHead(0x80, item.length, out, at);
    out.set(item, start);
    return start + item.length;
  }
  let next = writeHead(0xc0, payloadLength(item), out, at);
  for (const child of item) next = write(child, out, next);
  return next;
}

function writeHead(base: number, length: number, out: Bytes, at: number): number {
  if (length < 56) {
    out[at] = base + length;
    return at + 1;
  }
  const count = byteCount(length);
  out[at] = base + 55 + count;
  for (let i = 0; i < count; i++) out[at + 1 + i] = (length >>> (8 * (count - 1 - i))) & 0xff;
  return at + 1 + count;
}

function read(data: Bytes, at: number, limit: number, depth: number): [RlpItem, number] {
  if (at >= limit) throw invalid("it ends early");
  if (depth > MAX_DEPTH) throw invalid(`lists nest deeper than ${MAX_DEPTH}`);
  const first = data[at] as number;
  if (first < 0x80) return [data.subarray(at, at + 1), at + 1];
  const list = first >= 0xc0;
  const short = first - (list ? 0xc0 : 0x80);
  const [start, length] = short < 56 ? [at + 1, short] : longLength(data, at, limit, short - 55);
  const end = start + length;
  if (end > limit) throw invalid(`an item of ${length} bytes where ${limit - start} are left`);
  if (!list) {
    if (length === 1 && (data[start] as number) < 0x80) throw invalid("a byte below 0x80 has a length prefix");
    return [data.subarray(start, end), end];
  }
  const items: RlpItem[] = [];
  for (let next = start; next < end; ) {
    const [item, after] = read(data, next, end, depth + 1);
    items.push(item);
    next = after;
  }
  return [items, end];
}

function longLength(data: Bytes, at: number, limit: number, count: number): [number, number] {
  if (at + 1 + count > limit) throw invalid("it ends inside a length");
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (data[at + 1 + i] as number);
  if (data[at + 1] === 0 || length < 56) throw invalid("a length is not in its shortest form");
  return [at + 1 + count, length];
}
