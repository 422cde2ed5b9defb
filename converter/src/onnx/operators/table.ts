/** What each operator of ONNX becomes, and what to do about those that become nothing. */
import { type Call, type Rule, unsupported } from "../call.ts";
import { convolution, noTransposed } from "./convolution.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { NORMS } from "./norms.ts";
import { averagepool, globalPool, maxpool, reduction } from "./pools.ts";
import { gemm, matmul } from "./products.ts";
import { QUANTISED } from "./quantised.ts";
import { SHAPES } from "./shapes.ts";

const RULES: Record<string, Rule> = {
  ...ELEMENTWISE,
  ...NORMS,
  ...QUANTISED,
  ...SHAPES,
  AveragePool: averagepool,
  Conv: (call) => convolution(call),
  ConvTranspose: noTransposed,
  Gemm: gemm,
  GlobalAveragePool: globalPool("avgpool"),
  GlobalMaxPool: globalPool("maxpool"),
  MatMul: matmul,
  MaxPool: maxpool,
  ReduceMax: reduction("maxpool"),
  ReduceMean: reduction("avgpool"),
};

const REMEDIES: Record<string, string> = {
  ConvInteger: "quantise statically (onnxruntime.quantization.quantize_static) or give the float model",
  DynamicQuantizeLinear: "quantise statically (onnxruntime.quantization.quantize_static) or give the float model",
  GRU: "use a convolution or attention over the window",
  InstanceNormalization: "train with BatchNormalization",
  LSTM: "use a convolution or attention over the window",
  MatMulInteger: "quantise statically (onnxruntime.quantization.quantize_static) or give the float model",
  NonMaxSuppression: "end the model before it, and choose boxes in the contract or its caller",
  Resize: "resize in the caller, or train without",
  Upsample: "resize in the caller, or train without",
};

export function ruleOf(call: Call): Rule {
  const { opType } = call.node;
  if (Object.hasOwn(RULES, opType)) return RULES[opType]!;
  return unsupported(
    call,
    "this operator has no integer form here",
    (Object.hasOwn(REMEDIES, opType) ? REMEDIES[opType] : undefined) ??
      "replace it by operators that docs/models.md lists, or cut the model before it",
  );
}
