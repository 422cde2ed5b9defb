/** Writes RLP in two passes: sizes, then bytes into one buffer. */
import type { Bytes } from "@noema/core/ports/bytes";

/** Integers are written big endian without leading zeros, 0 as the empty string. */
export type RlpInput = Bytes | bigint | number | readonly RlpInput[];

export function encodeRlp(input: RlpInput): Bytes {
  const value = toBytes(input);
  const out = new Uint8Array(itemSize(value));
  write(out, 0, value);
  return out;
}

/** The header of a list whose payload has `length` bytes. */
export function listHeader(length: number): Bytes {
  const out = new Uint8Array(headerSize(length));
  writeHeader(out, 0, 0xc0, length);
  return out;
}

type Sized = Bytes | { items: Sized[]; payload: number };

function toBytes(input: RlpInput): Sized {
  if (input instanceof Uint8Array) return input;
  if (typeof input === "bigint" || typeof input === "number") return uintBytes(BigInt(input));
  const items = input.map(toBytes);
  return { items, payload: items.reduce((sum, item) => sum + itemSize(item), 0) };
}

function uintBytes(value: bigint): Bytes {
  if (value === 0n) return new Uint8Array(0);
  const hex = value.toString(16);
  return new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
}

function itemSize(value: Sized): number {
  if (!(value instanceof Uint8Array)) return headerSize(value.payload) + value.payload;
  return isSelf(value) ? 1 : headerSize(value.length) + value.length;
}

function isSelf(value: Bytes): boolean {
  return value.length === 1 && (value[0] as number) < 0x80;
}

function headerSize(length: number): number {
  if (length < 56) return 1;
  let size = 1;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size++;
  return size;
}

function write(out: Bytes, at: number, value: Sized): number {
  if (value instanceof Uint8Array) {
    const from = isSelf(value) ? at : writeHeader(out, at, 0x80, value.length);
    out.set(value, from);
    return from + value.length;
  }
  let to = writeHeader(out, at, 0xc0, value.payload);
  for (const item of value.items) to = write(out, to, item);
  return to;
}

function writeHeader(out: Bytes, at: number, base: number, length: number): number {
  if (length < 56) {
    out[at] = base + length;
    return at + 1;
  }
  const width = headerSize(length) - 1;
  out[at] = base + 55 + width;
  for (let i = width, rest = length; i > 0; i--, rest = Math.floor(rest / 256)) out[at + i] = rest % 256;
  return at + 1 + width;
}
