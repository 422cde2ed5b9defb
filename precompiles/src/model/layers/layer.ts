/** An operator after its checks: tensors resolved, attributes named, cost known. What both the reference and the kernels read. */
import { fail } from "../../errors.ts";
import { OPERATOR_CODES, operatorName } from "../operator-codes.ts";
import type { Operator, Tensor } from "../types.ts";
import { type Add, readAdd } from "./add.ts";
import { type Argmax, readArgmax } from "./argmax.ts";
import { type Conv2d, readConv2d } from "./conv2d.ts";
import { type Dense, readDense } from "./dense.ts";
import { type Depthwise, readDepthwise } from "./depthwise.ts";
import { type Lut8, readLut8 } from "./lut8.ts";
import { type Pool, readPool } from "./pool.ts";
import { type Reshape, readReshape } from "./reshape.ts";

export type Layer = Conv2d | Depthwise | Dense | Pool | Add | Lut8 | Reshape | Argmax;

const READERS = new Map<number, (operator: Operator, tensors: readonly Tensor[]) => Layer>([
  [OPERATOR_CODES.CONV2D, readConv2d],
  [OPERATOR_CODES.DWCONV2D, readDepthwise],
  [OPERATOR_CODES.DENSE, readDense],
  [OPERATOR_CODES.ADD, readAdd],
  [OPERATOR_CODES.MAXPOOL, readPool],
  [OPERATOR_CODES.AVGPOOL, readPool],
  [OPERATOR_CODES.LUT8, readLut8],
  [OPERATOR_CODES.RESHAPE, readReshape],
  [OPERATOR_CODES.ARGMAX, readArgmax],
]);

/** Throws MODEL_OPERATOR_UNSUPPORTED, MODEL_SHAPE_INVALID. */
export function readLayer(operator: Operator, tensors: readonly Tensor[]): Layer {
  const read = READERS.get(operator.code);
  if (!read) fail("MODEL_OPERATOR_UNSUPPORTED", `${operatorName(operator.code)} is not built yet`, { code: operator.code });
  return read(operator, tensors);
}
