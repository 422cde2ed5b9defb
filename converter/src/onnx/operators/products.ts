import { NO_CLAMP } from "../../ir/graph.ts";
import { type Constant, transposed } from "../../source/constant.ts";
import { type Laid, rowMajor } from "../../source/laid.ts";
import {
  type Call,
  constantOf,
  floatOf,
  intOf,
  invalid,
  isConstant,
  isLaid,
  type Known,
  laidOf,
  optional,
  type Rule,
  straightOf,
  unsupported,
} from "../call.ts";
import { scalesOf } from "./convolution.ts";

/** x [..., K] times weights [K, N], plus a bias of N or of one. */
export function dense(call: Call, laid: Laid, weights: Constant, bias: Constant | undefined): Known[] {
  if (weights.dims.length !== 2) unsupported(call, `weights of [${weights.dims}]`, "give a matrix");
  const n = weights.dims[1]!;
  const value = straightOf({ ...call, inputs: [laid] }, 0);
  const op = {
    kind: "dense" as const,
    weights: Float32Array.from(transposed(weights, [1, 0]).data),
    bias: Float32Array.from({ length: n }, (_, i) => bias?.data[bias.data.length === 1 ? 0 : i] ?? 0),
    clamp: NO_CLAMP,
    weightScales: scalesOf(weights, 1, n),
  };
  return [rowMajor(call.builder.add(op, [value], call.name), [...laid.dims.slice(0, -1), n])];
}

/** A matrix transposed, its steps too. */
export const turned = (x: Constant): Constant => {
  const { steps } = x;
  return { ...transposed(x, [1, 0]), steps: steps && { ...steps, axis: 1 - steps.axis } };
};

export const gemm: Rule = (call) => {
  if (!isConstant(call.inputs[1])) unsupported(call, "of two results", "use MatMul");
  if (intOf(call, "transA", 0) === 1) unsupported(call, "its first input is transposed", "transpose it before");
  const [alpha, beta] = [floatOf(call, "alpha", 1), floatOf(call, "beta", 1)];
  const weights = intOf(call, "transB", 0) === 1 ? turned(constantOf(call, 1)) : constantOf(call, 1);
  const scaled = (x: Constant, factor: number): Constant =>
    factor === 1 ? x : { float: true, dims: x.dims, data: Float32Array.from(x.data, (v) => v * factor) };
  const bias = optional(call, 2);
  return dense(call, laidOf(call, 0), scaled(weights, alpha), bias && scaled(bias, beta));
};

export const matmul: Rule = (call) => {
  const [a, b] = call.inputs;
  if (isLaid(a) && isConstant(b)) return dense(call, a, b, undefined);
  if (!isLaid(a) || !isLaid(b)) return unsupported(call, "weights on the left", "transpose the product");
  const [x, y] = [straightOf(call, 0), straightOf(call, 1)];
  if (x.shape.length !== y.shape.length) invalid(call, `[${a.dims}] times [${b.dims}]`);
  const value = call.builder.add({ kind: "matmul", transposed: false, factor: 1, clamp: NO_CLAMP }, [x, y], call.name);
  return [rowMajor(value, [...a.dims.slice(0, -1), b.dims.at(-1)!])];
};
