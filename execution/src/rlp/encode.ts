/** Recursive Length Prefix (Yellow Paper, appendix B). An item is bytes or a list of items. */
import type { Bytes } from "@noema/core/ports/bytes";
import { bigIntLength, byteLength, writeBigInt, writeNumber } from "./integers.ts";

export type RlpItem = Bytes | readonly RlpItem[];
/** Integers are written in their shortest form, 0 as the empty string; numbers are safe integers, none is negative. */
export type RlpInput = Bytes | number | bigint | readonly RlpInput[];

const EMPTY = new Uint8Array(0);
const STRING = 0x80;
const LIST = 0xc0;

export function rlpEncode(item: RlpInput): Bytes {
  const out = new Uint8Array(rlpLength(item));
  rlpWrite(item, out, 0);
  return out;
}

/** The shortest big-endian form; 0 is the empty string. */
export function rlpInt(value: bigint | number): Bytes {
  const small = typeof value === "number" ? value : value <= Number.MAX_SAFE_INTEGER ? Number(value) : undefined;
  if (small === 0) return EMPTY;
  const length = small === undefined ? bigIntLength(value as bigint) : byteLength(small);
  const out = new Uint8Array(length);
  if (small === undefined) writeBigInt(value as bigint, out, 0, length);
  else writeNumber(small, out, 0, length);
  return out;
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
  return length + (length < 56 ? 1 : 1 + byteLength(length));
}

function payloadLength(items: readonly RlpInput[]): number {
  let length = 0;
  for (const item of items) length += rlpLength(item);
  return length;
}

/** Bytes that `rlpWrite` takes. */
export function rlpLength(item: RlpInput): number {
  if (item instanceof Uint8Array) return item.length === 1 && (item[0] as number) < STRING ? 1 : headedLength(item.length);
  if (typeof item === "number") return item < STRING ? 1 : 1 + byteLength(item);
  if (typeof item === "bigint") return item < STRING ? 1 : 1 + bigIntLength(item);
  return headedLength(payloadLength(item));
}

/** Into `out` from `at`, where there must be room; returns the end. */
export function rlpWrite(item: RlpInput, out: Bytes, at: number): number {
  if (item instanceof Uint8Array) return writeBytes(item, out, at);
  if (typeof item === "number") return writeInteger(item, out, at);
  if (typeof item === "bigint") return writeInteger(item <= Number.MAX_SAFE_INTEGER ? Number(item) : item, out, at);
  let next = writeHead(LIST, payloadLength(item), out, at);
  for (const child of item) next = rlpWrite(child, out, next);
  return next;
}

function writeBytes(bytes: Bytes, out: Bytes, at: number): number {
  if (bytes.length === 1 && (bytes[0] as number) < STRING) {
    out[at] = bytes[0] as number;
    return at + 1;
  }
  const start = writeHead(STRING, bytes.length, out, at);
  out.set(bytes, start);
  return start + bytes.length;
}

function writeInteger(value: number | bigint, out: Bytes, at: number): number {
  if (value < STRING) {
    out[at] = value === 0 ? STRING : Number(value);
    return at + 1;
  }
  const length = typeof value === "number" ? byteLength(value) : bigIntLength(value);
  out[at] = STRING + length;
  if (typeof value === "number") writeNumber(value, out, at + 1, length);
  else writeBigInt(value, out, at + 1, length);
  return at + 1 + length;
}

/** Of a list (0xc0) or a string (0x80) of so many bytes; returns where they begin. */
function writeHead(base: number, length: number, out: Bytes, at: number): number {
  if (length < 56) {
    out[at] = base + length;
    return at + 1;
  }
  const count = byteLength(length);
  out[at] = base + 55 + count;
  writeNumber(length, out, at + 1, count);
  return at + 1 + count;
}
