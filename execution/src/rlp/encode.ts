/** Recursive Length Prefix (Yellow Paper, appendix B). An item is bytes or a list of items. */
import type { Bytes } from "@noema/core/ports/bytes";

export type RlpItem = Bytes | readonly RlpItem[];

const EMPTY = new Uint8Array(0);
const STRING = 0x80;
const LIST = 0xc0;

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

/** A list whose items are RLP already. */
export function rlpListOf(items: readonly Bytes[]): Bytes {
  let length = 0;
  for (const item of items) length += item.length;
  const out = new Uint8Array(headedLength(length));
  let at = writeHead(LIST, length, out, 0);
  for (const item of items) {
    out.set(item, at);
    at += item.length;
  }
  return out;
}

/** Of a list, or of a string that is no single byte below 0x80, with `length` bytes inside (below 2^32): with its prefix. */
export function headedLength(length: number): number {
  return length + (length < 56 ? 1 : 1 + byteCount(length));
}

function payloadLength(items: readonly RlpItem[]): number {
  let length = 0;
  for (const item of items) length += encodedLength(item);
  return length;
}

function encodedLength(item: RlpItem): number {
  if (item instanceof Uint8Array) return item.length === 1 && (item[0] as number) < STRING ? 1 : headedLength(item.length);
  return headedLength(payloadLength(item));
}

function byteCount(n: number): number {
  return n < 0x100 ? 1 : n < 0x10000 ? 2 : n < 0x1000000 ? 3 : 4;
}

function write(item: RlpItem, out: Bytes, at: number): number {
  if (item instanceof Uint8Array) {
    if (item.length === 1 && (item[0] as number) < STRING) {
      out[at] = item[0] as number;
      return at + 1;
    }
    const start = writeHead(STRING, item.length, out, at);
    out.set(item, start);
    return start + item.length;
  }
  let next = writeHead(LIST, payloadLength(item), out, at);
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
