/** Unsigned integers as big-endian bytes, without a string or a buffer on the way. */
import type { Bytes } from "@noema/core/ports/bytes";

const STEP_BITS = 48n;
const STEP_BYTES = 6;
const STEP = 2n ** STEP_BITS - 1n;

/** Of a safe integer above 0. */
export function byteLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 256; rest = Math.floor(rest / 256)) length++;
  return length;
}

/** Above 0. */
export function bigIntLength(value: bigint): number {
  let length = 0;
  let rest = value;
  for (; rest > STEP; rest >>= STEP_BITS) length += STEP_BYTES;
  return length + byteLength(Number(rest));
}

/** The lowest `length` bytes of a safe integer. */
export function writeNumber(value: number, out: Bytes, at: number, length: number): void {
  let rest = value;
  for (let i = at + length - 1; i >= at; i--) {
    out[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** The lowest `length` bytes. */
export function writeBigInt(value: bigint, out: Bytes, at: number, length: number): void {
  let rest = value;
  let end = at + length;
  for (; end - at > STEP_BYTES && rest > STEP; rest >>= STEP_BITS) {
    end -= STEP_BYTES;
    writeNumber(Number(rest & STEP), out, end, STEP_BYTES);
  }
  const last = Math.max(at, end - STEP_BYTES);
  writeNumber(Number(rest & STEP), out, last, end - last);
  if (last > at) out.fill(0, at, last);
}

/** Of `length` bytes; 0 of none. */
export function readBigInt(bytes: Bytes, at: number, length: number): bigint {
  const end = at + length;
  let from = at;
  while (from < end && bytes[from] === 0) from++;
  const head = (end - from) % STEP_BYTES || Math.min(end - from, STEP_BYTES);
  let value = BigInt(readNumber(bytes, from, head));
  for (from += head; from < end; from += STEP_BYTES) value = (value << STEP_BITS) | BigInt(readNumber(bytes, from, STEP_BYTES));
  return value;
}

/** Of at most 6 bytes. */
function readNumber(bytes: Bytes, at: number, length: number): number {
  let value = 0;
  for (let i = at; i < at + length; i++) value = value * 256 + (bytes[i] as number);
  return value;
}
