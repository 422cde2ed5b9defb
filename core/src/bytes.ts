import { coreError } from "./errors.ts";
import type { Bytes } from "./ports/bytes.ts";

export type { Bytes, Hash, Height } from "./ports/bytes.ts";

export const ZERO_HASH: Bytes = new Uint8Array(32);

/** Lower-case hex without 0x. */
export function toHex(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** 0x-prefixed lower-case hex. */
export function to0x(bytes: Bytes): string {
  return `0x${toHex(bytes)}`;
}

/** Decodes hex with or without 0x; throws HEX_INVALID. `length` in bytes when it is fixed. */
export function fromHex(hex: string, length?: number): Bytes {
  const digits = hex.startsWith("0x") ? hex.slice(2) : hex;
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw coreError("HEX_INVALID", `not hex: ${hex.slice(0, 80)}`);
  if (length !== undefined && digits.length !== 2 * length)
    throw coreError("HEX_INVALID", `${digits.length / 2} bytes where ${length} are expected: ${hex.slice(0, 80)}`);
  return new Uint8Array(Buffer.from(digits, "hex"));
}

export function equalBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** A view without the zeros at the front. */
export function trimZeros(bytes: Bytes): Bytes {
  let first = 0;
  while (first < bytes.length && bytes[first] === 0) first++;
  return first === 0 ? bytes : bytes.subarray(first);
}

/** Unsigned lexicographic order. */
export function compareBytes(a: Bytes, b: Bytes): number {
  return Buffer.compare(a, b);
}

export function concatBytes(...parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** Little endian, 8 bytes; `value` is an integer in [0, 2^53). */
export function u64le(value: number): Bytes {
  const out = new Uint8Array(8);
  const view = new DataView(out.buffer);
  view.setUint32(0, value % 2 ** 32, true);
  view.setUint32(4, Math.floor(value / 2 ** 32), true);
  return out;
}

/** Big endian, 8 bytes: keys that order by number. */
export function u64be(value: number): Bytes {
  return u64le(value).reverse();
}

export function readU64be(bytes: Bytes, offset = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 8);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}

export function u32be(value: number): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

/** Big-endian bytes to bigint; the empty string is 0. */
export function bytesToBigInt(bytes: Bytes): bigint {
  return bytes.length === 0 ? 0n : BigInt(to0x(bytes));
}

/** Big endian, left-padded to `length` bytes; throws HEX_INVALID when it does not fit. */
export function bigIntToBytes(value: bigint, length: number): Bytes {
  return fromHex(value.toString(16).padStart(2 * length, "0"), length);
}
