/** Elements of a model's input and output as bytes: int8 one byte each, int32 four bytes big endian (inference.md section 3). */
import type { Bytes } from "@noema/core/bytes";
import type { DType } from "../format/types.ts";
import type { Values } from "../operators/operator.ts";

export function outputToBytes(values: Values): Bytes {
  if (values instanceof Int8Array) return new Uint8Array(values.buffer, values.byteOffset, values.length);
  return inOtherOrder(new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice());
}

/** Words of 4 bytes from big to little endian or back, in place. */
export function inOtherOrder(words: Bytes): Bytes {
  Buffer.from(words.buffer, words.byteOffset, words.length).swap32();
  return words;
}

/** A fresh array. */
export function inputFromBytes(dtype: DType, input: Bytes): Values {
  if (dtype === "int8") return new Int8Array(input);
  return new Int32Array(inOtherOrder(new Uint8Array(input)).buffer);
}
