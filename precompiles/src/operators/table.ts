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
import { readConcat } from "./concat/layer.ts";
import { planConcat } from "./concat/plan.ts";
import { runConcat } from "./concat/reference.ts";
import { readConv2d } from "./conv2d/layer.ts";
import { planConv2d } from "./conv2d/plan.ts";
import { runConv2d } from "./conv2d/reference.ts";
import { readDense } from "./dense/layer.ts";
import { planDense } from "./dense/plan.ts";
import { runDense } from "./dense/reference.ts";
import { readDepthwise } from "./depthwise/layer.ts";
import { planDepthwise } from "./depthwise/plan.ts";
import { runDepthwise } from "./depthwise/reference.ts";
import { readGather } from "./gather/layer.ts";
import { planGather } from "./gather/plan.ts";
import { runGather } from "./gather/reference.ts";
import { readLayernorm } from "./layernorm/layer.ts";
import { planLayernorm } from "./layernorm/plan.ts";
import { runLayernorm } from "./layernorm/reference.ts";
import { readLut8 } from "./lut8/layer.ts";
import { planLut8 } from "./lut8/plan.ts";
import { runLut8 } from "./lut8/reference.ts";
import { readMatmul } from "./matmul/layer.ts";
import { planMatmul } from "./matmul/plan.ts";
import { runMatmul } from "./matmul/reference.ts";
import { readMul } from "./mul/layer.ts";
import { planMul } from "./mul/plan.ts";
import { runMul } from "./mul/reference.ts";
import { operator, type Step } from "./operator.ts";
import { readPad } from "./pad/layer.ts";
import { planPad } from "./pad/plan.ts";
import { runPad } from "./pad/reference.ts";
import { readPool } from "./pool/layer.ts";
import { planPool } from "./pool/plan.ts";
import { runAvgpool, runMaxpool } from "./pool/reference.ts";
import { readReshape } from "./reshape/layer.ts";
import { planReshape } from "./reshape/plan.ts";
import { runReshape } from "./reshape/reference.ts";
import { readRmsnorm } from "./rmsnorm/layer.ts";
import { planRmsnorm } from "./rmsnorm/plan.ts";
import { runRmsnorm } from "./rmsnorm/reference.ts";
import { operandsOf } from "./shared/operands.ts";
import { readSlice } from "./slice/layer.ts";
import { planSlice } from "./slice/plan.ts";
import { runSlice } from "./slice/reference.ts";
import { readSoftmax } from "./softmax/layer.ts";
import { planSoftmax } from "./softmax/plan.ts";
import { runSoftmax } from "./softmax/reference.ts";
import { readTopk } from "./topk/layer.ts";
import { planTopk } from "./topk/plan.ts";
import { runTopk } from "./topk/reference.ts";
import { readTranspose } from "./transpose/layer.ts";
import { planTranspose } from "./transpose/plan.ts";
import { runTranspose } from "./transpose/reference.ts";

export const OPERATORS = {
  CONV2D: operator({ code: 1, read: readConv2d, run: runConv2d, plan: planConv2d, kernel: "product" }),
  DWCONV2D: operator({ code: 2, read: readDepthwise, run: runDepthwise, plan: planDepthwise, kernel: "depthwise" }),
  DENSE: operator({ code: 3, read: readDense, run: runDense, plan: planDense, kernel: "product" }),
  MATMUL: operator({ code: 4, read: readMatmul, run: runMatmul, plan: planMatmul, kernel: "matmul" }),
  ADD: operator({ code: 5, read: readAdd, run: runAdd, plan: planAdd, kernel: "add" }),
  MUL: operator({ code: 6, read: readMul, run: runMul, plan: planMul, kernel: "mul" }),
  MAXPOOL: operator({ code: 7, read: readPool, run: runMaxpool, plan: planPool, kernel: "maxpool" }),
  AVGPOOL: operator({ code: 8, read: readPool, run: runAvgpool, plan: planPool, kernel: "avgpool" }),
  LUT8: operator({ code: 9, read: readLut8, run: runLut8, plan: planLut8, kernel: "lut8" }),
  SOFTMAX: operator({ code: 10, read: readSoftmax, run: runSoftmax, plan: planSoftmax, kernel: "softmax" }),
  LAYERNORM: operator({ code: 11, read: readLayernorm, run: runLayernorm, plan: planLayernorm, kernel: "layernorm" }),
  RMSNORM: operator({ code: 12, read: readRmsnorm, run: runRmsnorm, plan: planRmsnorm, kernel: "rmsnorm" }),
  GATHER: operator({ code: 13, read: readGather, run: runGather, plan: planGather, kernel: "gather" }),
  CONCAT: operator({ code: 14, read: readConcat, run: runConcat, plan: planConcat, kernel: "move" }),
  SLICE: operator({ code: 15, read: readSlice, run: runSlice, plan: planSlice, kernel: "move" }),
  PAD: operator({ code: 16, read: readPad, run: runPad, plan: planPad, kernel: "pad" }),
  TRANSPOSE: operator({ code: 17, read: readTranspose, run: runTranspose, plan: planTranspose, kernel: "move" }),
  RESHAPE: operator({ code: 18, read: readReshape, run: runReshape, plan: planReshape, kernel: "reshape" }),
  ARGMAX: operator({ code: 19, read: readArgmax, run: runArgmax, plan: planArgmax, kernel: "argmax" }),
  TOPK: operator({ code: 20, read: readTopk, run: runTopk, plan: planTopk, kernel: "topk" }),
};

export type OperatorName = keyof typeof OPERATORS;

const byCode = new Map(Object.entries(OPERATORS).map(([name, built]) => [built.code, { name, built }]));

export function operatorName(code: number): string {
  return byCode.get(code)?.name ?? String(code);
}

/** Throws MODEL_OPERATOR_UNSUPPORTED, MODEL_SHAPE_INVALID. */
export function readStep(operator: Operator, tensors: readonly Tensor[]): Step {
  const { code } = operator;
  const { name, built } = byCode.get(code) ?? {};
  if (name === undefined || built === undefined) fail("MODEL_OPERATOR_UNSUPPORTED", `there is no operator ${code}`, { code });
  return built.read(operandsOf(name, operator, tensors));
}
