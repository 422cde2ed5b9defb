import type { Bytes } from "@noema/core/bytes";

/** Output of a model as bytes: int8 one byte each, int32 four bytes big endian (inference.md section 5). */
export function outputToBytes(values: Int8Array | Int32Array): Bytes {
  if (values instanceof Int8Array) return new Uint8Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint8Array(4 * values.length);
  const view = new DataView(out.buffer);
  for (const [i, value] of values.entries()) view.setInt32(4 * i, value);
  return out;
}
