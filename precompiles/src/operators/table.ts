/**
 * Operator set 1 (inference.md section 2): the one list of operators. Decoder, judge, planner, the kernels' dispatch
 * (tools/kernels) and random models of the tests follow from it.
 */
import { fail } from "../errors.ts";
import type { Operator, Tensor } from "../format/types.ts";
import { readAdd } from "./add/layer.ts";
import { planAdd } from "./add/plan.ts";
import { runAdd } from "./add/reference.ts";
import { readArgmax } from "./argmax/layer.ts";
import { planArgmax } from "./argmax/plan.ts";
import { runArgmax } from "./argmax/reference.ts";
import { readConv2d } from "./conv2d/layer.ts";
import { planConv2d } from "./conv2d/plan.ts";
import { runConv2d } from "./conv2d/reference.ts";
import { readDense } from "./dense/layer.ts";
import { planDense } from "./dense/plan.ts";
import { runDense } from "./dense/reference.ts";
import { readDepthwise } from "./depthwise/layer.ts";
import { planDepthwise } from "./depthwise/plan.ts";
import { runDepthwise } from "./depthwise/reference.ts";
import { readLut8 } from "./lut8/layer.ts";
import { planLut8 } from "./lut8/plan.ts";
import { runLut8 } from "./lut8/reference.ts";
import { operator, type Step } from "./operator.ts";
import { readPool } from "./pool/layer.ts";
import { planPool } from "./pool/plan.ts";
import { runAvgpool, runMaxpool } from "./pool/reference.ts";
import { readReshape } from "./reshape/layer.ts";
import { planReshape } from "./reshape/plan.ts";
import { runReshape } from "./reshape/reference.ts";
import { operandsOf } from "./shared/operands.ts";

export const OPERATORS = {
  CONV2D: operator({ code: 1, read: readConv2d, run: runConv2d, plan: planConv2d, kernel: "product" }),
  DWCONV2D: operator({ code: 2, read: readDepthwise, run: runDepthwise, plan: planDepthwise, kernel: "depthwise" }),
  DENSE: operator({ code: 3, read: readDense, run: runDense, plan: planDense, kernel: "product" }),
  ADD: operator({ code: 5, read: readAdd, run: runAdd, plan: planAdd, kernel: "add" }),
  MAXPOOL: operator({ code: 7, read: readPool, run: runMaxpool, plan: planPool, kernel: "maxpool" }),
  AVGPOOL: operator({ code: 8, read: readPool, run: runAvgpool, plan: planPool, kernel: "avgpool" }),
  LUT8: operator({ code: 9, read: readLut8, run: runLut8, plan: planLut8, kernel: "lut8" }),
  RESHAPE: operator({ code: 18, read: readReshape, run: runReshape, plan: planReshape, kernel: "reshape" }),
  ARGMAX: operator({ code: 19, read: readArgmax, run: runArgmax, plan: planArgmax, kernel: "argmax" }),
};

/** Codes whose operators are not built yet. */
export const RESERVED = {
  MATMUL: 4,
  MUL: 6,
  SOFTMAX: 10,
  LAYERNORM: 11,
  RMSNORM: 12,
  GATHER: 13,
  CONCAT: 14,
  SLICE: 15,
  PAD: 16,
  TRANSPOSE: 17,
  TOPK: 20,
} as const;

export type BuiltOperatorName = keyof typeof OPERATORS;
export type OperatorName = BuiltOperatorName | keyof typeof RESERVED;

export function operatorCode(name: OperatorName): number {
  return name in OPERATORS ? OPERATORS[name as BuiltOperatorName].code : RESERVED[name as keyof typeof RESERVED];
}

const byCode = new Map(Object.entries(OPERATORS).map(([name, built]) => [built.code, { name, built }]));
const reserved = new Map<number, string>(Object.entries(RESERVED).map(([name, code]) => [code, name]));

/** Throws MODEL_OPERATOR_UNSUPPORTED, MODEL_SHAPE_INVALID. */
export function readStep(operator: Operator, tensors: readonly Tensor[]): Step {
  const { code } = operator;
  const { name, built } = byCode.get(code) ?? {};
  if (name === undefined || built === undefined)
    fail("MODEL_OPERATOR_UNSUPPORTED", `${reserved.get(code) ?? `operator ${code}`} is not built yet`, { code });
  return built.read(operandsOf(name, operator, tensors));
}
