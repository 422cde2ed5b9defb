import type { Bytes } from "@noema/core/bytes";
import { fail } from "../errors.ts";
import { checkSizes, exceed, MAX_HEADER_BYTES, MAX_OPERATORS, MAX_WEIGHT_BYTES } from "./limits.ts";
import { align, FIXED_HEADER_BYTES, MAGIC, OPERATOR_SET, VERSION } from "./nmodel.ts";
import { createReader, type Reader } from "./reader.ts";
import { DTYPES, type DType, type Model, type Operator, type Tensor, type TensorData, tensorBytes } from "./types.ts";

interface Sizes {
  headerBytes: number;
  weightBytes: number;
  tensors: number;
  operators: number;
  input: number;
  output: number;
}

const invalid = (why: string): never => fail("MODEL_ENCODING_INVALID", why);

/**
 * Decodes a file in its one canonical encoding (nmodel.ts) and checks sizes; what operators mean is checked by `loadModel`.
 * Weights are views of `file`, which must not change any more and lies at a multiple of 4 bytes in its buffer. Throws MODEL_ENCODING_INVALID, MODEL_VERSION_UNSUPPORTED,
 * MODEL_LIMIT_EXCEEDED.
 */
export function decodeModel(file: Bytes): Model {
  const sizes = readSizes(file);
  const reader = createReader(file.subarray(0, sizes.headerBytes), FIXED_HEADER_BYTES);
  const tensors = Array.from({ length: sizes.tensors }, () => readTensor(reader));
  checkSizes(tensors);
  const operators = Array.from({ length: sizes.operators }, () => readOperator(reader, sizes.tensors));
  if (align(reader.at()) !== sizes.headerBytes)
    invalid(`header of ${sizes.headerBytes} bytes where its content takes ${align(reader.at())}`);
  reader.zerosToEnd();
  checkNumbering(tensors, operators, sizes);
  return { tensors: attachWeights(tensors, file, sizes), operators, input: sizes.input, output: sizes.output };
}

function readSizes(file: Bytes): Sizes {
  if (file.length < FIXED_HEADER_BYTES) invalid(`file of ${file.length} bytes`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0, true) !== MAGIC)
    invalid("no .nmodel file, which begins with NMDL; `noema model convert` makes one of an ONNX file");
  const [version, operatorSet] = [view.getUint16(4, true), view.getUint16(6, true)];
  if (version !== VERSION || operatorSet !== OPERATOR_SET)
    fail("MODEL_VERSION_UNSUPPORTED", `version ${version}, operator set ${operatorSet}; this node reads ${VERSION}, ${OPERATOR_SET}`);
  const [headerBytes, weightBytes, tensors, operators, input, output] = Array.from({ length: 6 }, (_, i) =>
    view.getUint32(8 + 4 * i, true),
  ) as [number, number, number, number, number, number];
  if (headerBytes > MAX_HEADER_BYTES) exceed("bytes of header", headerBytes, MAX_HEADER_BYTES);
  if (weightBytes > MAX_WEIGHT_BYTES) exceed("bytes of weights", weightBytes, MAX_WEIGHT_BYTES);
  if (operators > MAX_OPERATORS) exceed("operators", operators, MAX_OPERATORS);
  if (operators === 0) invalid("no operators");
  if (headerBytes + weightBytes !== file.length) invalid(`file of ${file.length} bytes, header says ${headerBytes + weightBytes}`);
  // A tensor takes at least 8 bytes, an operator 8: no array is made longer than the file can fill.
  if (FIXED_HEADER_BYTES + 8 * (tensors + operators) > headerBytes) invalid(`${tensors} tensors in a header of ${headerBytes} bytes`);
  return { headerBytes, weightBytes, tensors, operators, input, output };
}

function readTensor(reader: Reader): Tensor {
  const role = reader.u8();
  const dtype = DTYPES[reader.u8()] ?? invalid("unknown dtype");
  const zeroPoint = reader.i8();
  const rank = reader.u8();
  if (role > 1) invalid(`tensor role ${role}`);
  if (rank < 1 || rank > 4) invalid(`tensor of rank ${rank}`);
  const shape = Array.from({ length: rank }, () => reader.u32());
  if (shape.includes(0)) invalid("a dimension is 0");
  if (zeroPoint !== 0 && (role === 1 || dtype !== "int8")) invalid("a zero point where there can be none");
  if (role === 0 && dtype === "uint16") invalid("an activation of dtype uint16");
  return { role: role === 1 ? "weight" : "activation", dtype, zeroPoint, shape };
}

function readOperator(reader: Reader, tensors: number): Operator {
  const code = reader.u16();
  const [inputs, outputs, attributes] = [reader.u8(), reader.u8(), reader.u8()];
  if (reader.u8() + reader.u8() + reader.u8() !== 0) invalid("reserved bytes of an operator are not zero");
  const index = () => {
    const i = reader.u32();
    return i < tensors ? i : invalid(`tensor ${i} of ${tensors}`);
  };
  return {
    code,
    inputs: Array.from({ length: inputs }, index),
    outputs: Array.from({ length: outputs }, index),
    attributes: Array.from({ length: attributes }, () => reader.i32()),
  };
}

/** First appearance gives the numbers; an activation is made once and before it is read; the output is made. */
function checkNumbering(tensors: readonly Tensor[], operators: readonly Operator[], { input, output }: Sizes): void {
  if (input !== 0 || tensors[0]?.role !== "activation") invalid("tensor 0 is not the input");
  let seen = 1;
  const see = (i: number) => {
    if (i > seen) invalid(`tensor ${i} appears before tensor ${seen}`);
    const first = i === seen;
    if (first) seen++;
    return first;
  };
  for (const operator of operators) {
    for (const i of operator.inputs) if (see(i) && tensors[i]!.role === "activation") invalid(`tensor ${i} is read before it is made`);
    for (const i of operator.outputs) if (!see(i) || tensors[i]!.role === "weight") invalid(`tensor ${i} cannot be made here`);
  }
  if (seen !== tensors.length) invalid(`${tensors.length - seen} tensors are never used`);
  if (output === input || tensors[output]?.role !== "activation") invalid(`tensor ${output} is no output`);
}

function attachWeights(tensors: readonly Tensor[], file: Bytes, { headerBytes, weightBytes }: Sizes): Tensor[] {
  const section = file.subarray(headerBytes);
  let at = 0;
  const attached = tensors.map((tensor) => {
    if (tensor.role === "activation") return tensor;
    const bytes = tensorBytes(tensor);
    const next = at + align(bytes);
    if (next > weightBytes) invalid(`weights need more than the ${weightBytes} bytes that the header says`);
    for (let i = at + bytes; i < next; i++) if (section[i] !== 0) invalid("padding between weights is not zero");
    const data = viewOf(tensor.dtype, section, at, bytes);
    at = next;
    return { ...tensor, data };
  });
  if (at !== weightBytes) invalid(`${weightBytes} bytes of weights where ${at} are used`);
  return attached;
}

/** The host is little endian, as every platform of Node's is. */
function viewOf(dtype: DType, section: Bytes, at: number, bytes: number): TensorData {
  const from = section.byteOffset + at;
  if (dtype === "int8") return new Int8Array(section.buffer, from, bytes);
  if (dtype === "int32") return new Int32Array(section.buffer, from, bytes / 4);
  return new Uint16Array(section.buffer, from, bytes / 2);
}
