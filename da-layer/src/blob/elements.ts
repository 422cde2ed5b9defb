/** A row: 4,096 field elements of 32 bytes, big endian and canonical (an EIP-4844 blob), and single ones as numbers. */
import type { Bytes } from "@noema/core/ports/bytes";
import { P } from "./field/scalars.ts";

export const ROW_ELEMENTS = 4096;
export const ELEMENT_BYTES = 32;
export const ROW_BYTES = ROW_ELEMENTS * ELEMENT_BYTES;
/** Payload of one element: 31 bytes, so that every value is canonical. */
const ELEMENT_PAYLOAD = 31;
export const ROW_PAYLOAD = ROW_ELEMENTS * ELEMENT_PAYLOAD;
/** Of one object. */
export const MAX_DATA_ROWS = 128;

/** 32 bytes, big endian. */
export function elementToBytes(value: bigint): Bytes {
  const out = new Uint8Array(ELEMENT_BYTES);
  writeElement(new DataView(out.buffer), 0, value);
  return out;
}

/** undefined unless 32 canonical bytes. */
export function bytesToElement(bytes: Bytes): bigint | undefined {
  if (bytes.length !== ELEMENT_BYTES) return undefined;
  const value = readElement(new DataView(bytes.buffer, bytes.byteOffset, ELEMENT_BYTES), 0);
  return value < P ? value : undefined;
}

function readElement(view: DataView, at: number): bigint {
  const high = (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8);
  return (high << 128n) | (view.getBigUint64(at + 16) << 64n) | view.getBigUint64(at + 24);
}

/** Of a value in [0, 2^256). */
export function writeElement(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, value >> 192n); // the setters keep the low 64 bits
  view.setBigUint64(at + 8, value >> 128n);
  view.setBigUint64(at + 16, value >> 64n);
  view.setBigUint64(at + 24, value);
}

/** Payload to its data rows, 31 bytes an element, top byte and padding zero; at least one row. */
export function packPayload(payload: Bytes): Bytes[] {
  const rows: Bytes[] = [];
  for (let from = 0; rows.length === 0 || from < payload.length; from += ROW_PAYLOAD) {
    const row = new Uint8Array(ROW_BYTES);
    const part = payload.subarray(from, from + ROW_PAYLOAD);
    for (let at = 0, to = 1; at < part.length; at += ELEMENT_PAYLOAD, to += ELEMENT_BYTES)
      row.set(part.subarray(at, at + ELEMENT_PAYLOAD), to);
    rows.push(row);
  }
  return rows;
}

/** The payload bytes that row `index` of an object of `payloadLen` bytes carries; undefined when it breaks the convention. */
export function unpackRow(row: Bytes, index: number, payloadLen: number): Bytes | undefined {
  const out = new Uint8Array(ROW_PAYLOAD);
  for (let i = 0; i < ROW_ELEMENTS; i++) {
    const at = i * ELEMENT_BYTES;
    if (row[at] !== 0) return undefined;
    out.set(row.subarray(at + 1, at + ELEMENT_BYTES), i * ELEMENT_PAYLOAD);
  }
  const used = Math.max(0, Math.min(ROW_PAYLOAD, payloadLen - index * ROW_PAYLOAD));
  for (let i = used; i < ROW_PAYLOAD; i++) if (out[i] !== 0) return undefined;
  return out.subarray(0, used);
}

/** R: data rows of a payload. */
export function rowCount(payloadLen: number): number {
  return Math.max(1, Math.ceil(payloadLen / ROW_PAYLOAD));
}
