/** Writes models operator by operator, in the numbering that the file format asks for. Checks nothing: `loadModel` does. */
import type { Bytes } from "@noema/core/bytes";
import { encodeModel } from "../format/encode.ts";
import type { DType, Operator, Tensor, TensorData } from "../format/types.ts";
import { OPERATORS, type OperatorName } from "../operators/table.ts";

/** The same object is the same tensor. */
export interface WeightSpec {
  shape: readonly number[];
  data: TensorData;
}

export interface OutputSpec {
  shape: readonly number[];
  zeroPoint?: number;
  dtype?: DType;
}

export interface ModelBuilder {
  readonly input: number;
  /** Adds an operator on activations and weights; returns the index of its output. */
  add(name: OperatorName, inputs: readonly (number | WeightSpec)[], output: OutputSpec, attributes?: readonly number[]): number;
  /** The file. */
  build(output: number): Bytes;
}

function dtypeOf(data: TensorData): DType {
  if (data instanceof Int8Array) return "int8";
  return data instanceof Int32Array ? "int32" : "uint16";
}

export function createModelBuilder(shape: readonly number[], zeroPoint = 0, dtype: DType = "int8"): ModelBuilder {
  const tensors: Tensor[] = [{ role: "activation", dtype, zeroPoint, shape }];
  const operators: Operator[] = [];
  const known = new Map<WeightSpec, number>();
  const weight = (spec: WeightSpec) => {
    const { shape, data } = spec;
    const index = known.get(spec) ?? tensors.push({ role: "weight", dtype: dtypeOf(data), zeroPoint: 0, shape, data }) - 1;
    known.set(spec, index);
    return index;
  };
  return {
    input: 0,
    add(name, inputs, output, attributes = []) {
      const indices = inputs.map((input) => (typeof input === "number" ? input : weight(input)));
      const { dtype = "int8", zeroPoint = 0, shape } = output;
      const index = tensors.push({ role: "activation", dtype, zeroPoint, shape }) - 1;
      operators.push({ code: OPERATORS[name].code, inputs: indices, outputs: [index], attributes });
      return index;
    },
    build: (output) => encodeModel({ tensors, operators, input: 0, output }),
  };
}
