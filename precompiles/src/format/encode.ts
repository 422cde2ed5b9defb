import type { Bytes } from "@noema/core/bytes";
import { fail } from "../errors.ts";
import { align, FIXED_HEADER_BYTES, MAGIC, OPERATOR_SET, VERSION } from "./nmodel.ts";
import { DTYPES, type Model, type Operator, type Tensor, tensorBytes } from "./types.ts";

/** The canonical file of a model (nmodel.ts). Does not check it: `decodeModel` does. Throws MODEL_ENCODING_INVALID for a weight without data. */
export function encodeModel(model: Model): Bytes {
  const weights = model.tensors.filter((tensor) => tensor.role === "weight");
  const headerBytes = align(
    FIXED_HEADER_BYTES +
      model.tensors.reduce((sum, tensor) => sum + 4 + 4 * tensor.shape.length, 0) +
      model.operators.reduce((sum, op) => sum + 8 + 4 * (op.inputs.length + op.outputs.length + op.attributes.length), 0),
  );
  const weightBytes = weights.reduce((sum, tensor) => sum + align(tensorBytes(tensor)), 0);
  const out = new Uint8Array(headerBytes + weightBytes);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, OPERATOR_SET, true);
  for (const [i, word] of [headerBytes, weightBytes, model.tensors.length, model.operators.length, model.input, model.output].entries())
    view.setUint32(8 + 4 * i, word, true);
  let at = FIXED_HEADER_BYTES;
  for (const tensor of model.tensors) at = writeTensor(view, at, tensor);
  for (const operator of model.operators) at = writeOperator(view, at, operator);
  at = headerBytes;
  for (const tensor of weights) {
    const data = tensor.data ?? fail("MODEL_ENCODING_INVALID", "a weight tensor has no data");
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += align(tensorBytes(tensor));
  }
  return out;
}

function writeTensor(view: DataView, at: number, tensor: Tensor): number {
  view.setUint8(at, tensor.role === "weight" ? 1 : 0);
  view.setUint8(at + 1, DTYPES.indexOf(tensor.dtype));
  view.setInt8(at + 2, tensor.zeroPoint);
  view.setUint8(at + 3, tensor.shape.length);
  for (const [i, dimension] of tensor.shape.entries()) view.setUint32(at + 4 + 4 * i, dimension, true);
  return at + 4 + 4 * tensor.shape.length;
}

function writeOperator(view: DataView, at: number, { code, inputs, outputs, attributes }: Operator): number {
  view.setUint16(at, code, true);
  view.setUint8(at + 2, inputs.length);
  view.setUint8(at + 3, outputs.length);
  view.setUint8(at + 4, attributes.length);
  let next = at + 8;
  for (const word of [...inputs, ...outputs, ...attributes]) {
    view.setInt32(next, word, true);
    next += 4;
  }
  return next;
}
