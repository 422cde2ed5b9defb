import { fail } from "../errors.ts";
import { type Constant, elementsOf } from "../source/constant.ts";
import { half } from "../source/half.ts";
import type { OnnxTensor } from "./schema.ts";

type Read = (view: DataView, at: number) => number;

/** ONNX's element types by number (TensorProto.DataType): bytes of an element, how it is read. */
const TYPES: Record<number, { bytes: number; read: Read; float?: true }> = {
  1: { bytes: 4, read: (v, at) => v.getFloat32(at, true), float: true },
  2: { bytes: 1, read: (v, at) => v.getUint8(at) },
  3: { bytes: 1, read: (v, at) => v.getInt8(at) },
  4: { bytes: 2, read: (v, at) => v.getUint16(at, true) },
  5: { bytes: 2, read: (v, at) => v.getInt16(at, true) },
  6: { bytes: 4, read: (v, at) => v.getInt32(at, true) },
  7: { bytes: 8, read: (v, at) => Number(v.getBigInt64(at, true)) },
  9: { bytes: 1, read: (v, at) => v.getUint8(at) },
  10: { bytes: 2, read: (v, at) => half(v.getUint16(at, true)), float: true },
  11: { bytes: 8, read: (v, at) => v.getFloat64(at, true), float: true },
  12: { bytes: 4, read: (v, at) => v.getUint32(at, true) },
  13: { bytes: 8, read: (v, at) => Number(v.getBigUint64(at, true)) },
  16: { bytes: 2, read: (v, at) => bfloat(v.getUint16(at, true)), float: true },
};

export const isFloatType = (type: number): boolean => TYPES[type]?.float === true;
/** Lowest and highest of the whole numbers that a quantised tensor may have; undefined for others. */
const byteRange = (type: number): { lo: number; hi: number } | undefined =>
  type === 2 ? { lo: 0, hi: 255 } : type === 3 ? { lo: -128, hi: 127 } : undefined;

function bfloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}

/** Throws CONVERT_SOURCE_INVALID, CONVERT_UNSUPPORTED. */
export function readTensor(tensor: OnnxTensor): Constant {
  const what = `tensor ${tensor.name || "of an attribute"}`;
  if (tensor.dataLocation === 1)
    fail("CONVERT_UNSUPPORTED", `${what} lies in another file: save the model as one (onnx.save_model(..., save_as_external_data=False))`);
  const type =
    TYPES[tensor.dataType] ?? fail("CONVERT_UNSUPPORTED", `${what} has ONNX's element type ${tensor.dataType}: convert it to float`);
  const total = elementsOf(tensor.dims, what);
  const float = type.float === true;
  const data = new (float ? Float32Array : Float64Array)(total);
  const given = fieldOf(tensor);
  if (given === undefined) {
    const rawData = tensor.rawData instanceof Uint8Array ? tensor.rawData : new Uint8Array(); // protobufjs gives an array for none
    if (rawData.length !== total * type.bytes) fail("CONVERT_SOURCE_INVALID", `${what}: ${rawData.length} bytes for ${total} elements`);
    const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    for (let i = 0; i < total; i++) data[i] = type.read(view, i * type.bytes);
  } else {
    if (given.length !== total) fail("CONVERT_SOURCE_INVALID", `${what}: ${given.length} of ${total} elements`);
    const convert = tensor.dataType === 10 ? half : tensor.dataType === 16 ? bfloat : (x: number) => x;
    for (let i = 0; i < total; i++) data[i] = convert(given[i]!);
  }
  return { float, dims: tensor.dims, data, range: byteRange(tensor.dataType) };
}

/** The field that has the elements, where it is not `rawData`. */
function fieldOf({ floatData, int32Data, int64Data, uint64Data, doubleData }: OnnxTensor): number[] | undefined {
  return [floatData, int32Data, int64Data, uint64Data, doubleData].find(({ length }) => length > 0);
}
