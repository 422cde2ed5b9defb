/** Elements of a model's input and output as bytes: int8 one byte each, int32 four bytes big endian (inference.md section 3). */
import type { Bytes } from "@noema/core/bytes";
import type { DType } from "../format/types.ts";
import type { Values } from "../operators/operator.ts";

export function outputToBytes(values: Values): Bytes {
  if (values instanceof Int8Array) return new Uint8Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint8Array(4 * values.length);
  const view = new DataView(out.buffer);
  for (const [i, value] of values.entries()) view.setInt32(4 * i, value);
  return out;
}

/** A fresh array. */
export function inputFromBytes(dtype: DType, input: Bytes): Values {
  if (dtype === "int8") return new Int8Array(input);
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  return Int32Array.from({ length: input.length / 4 }, (_, i) => view.getInt32(4 * i));
}
