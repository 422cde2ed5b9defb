/** Products, also with what TensorFlow has fused to them. */
import { isConstant, type Known } from "../../onnx/call.ts";
import { activated } from "../activations.ts";
import { say } from "../say.ts";
import { batchNorm, convolution, depthwise, pool } from "../windows.ts";
import {
  constantOf,
  flagOf,
  floatOf,
  type GraphNode,
  type GraphRule,
  inputOf,
  rankOf,
  slideOf,
  textsOf,
  unsupported,
  windowIn,
} from "./node.ts";

/** The bias, where it is fused to the product, and what follows it. */
function fused(node: GraphNode): { bias?: Known; then(x: Known): Known } {
  const names = textsOf(node, "fused_ops");
  const [first, second] = names[0] === "BiasAdd" ? names : [undefined, names[0]];
  const more = names.slice(first === undefined ? 1 : 2);
  if (more.length > 0 || second === "FusedBatchNorm" || second === "Prelu")
    unsupported(node, `fused with ${names.join(", ")}`, "export the model without this fusion");
  const then = (x: Known): Known => {
    if (second === undefined) return x;
    if (second === "LeakyRelu") return say(node, "LeakyRelu", [x], { alpha: floatOf(node, "leakyrelu_alpha", 0.2) });
    return activated(node, x, second);
  };
  return { bias: first === undefined ? undefined : inputOf(node, 2), then };
}

const conv: GraphRule = (node) => {
  const { bias, then } = fused(node);
  return then(convolution(node, inputOf(node, 0), constantOf(node, 1), bias, slideOf(node)));
};

const depthwiseConv: GraphRule = (node) => {
  const { bias, then } = fused(node);
  return then(depthwise(node, inputOf(node, 0), constantOf(node, 1), bias, slideOf(node)));
};

const matmul: GraphRule = (node) => {
  const { bias, then } = fused(node);
  const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
  if (flagOf(node, "transpose_a") || flagOf(node, "adj_x")) unsupported(node, "its first input is transposed", "transpose it before");
  const turned = flagOf(node, "transpose_b") || flagOf(node, "adj_y");
  if (isConstant(b)) return then(say(node, "Gemm", [a, b, bias], { alpha: 1, beta: 1, transB: turned ? 1 : 0 }));
  const rank = rankOf(node, 1);
  const perm = Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  const product = say(node, "MatMul", [a, turned ? say(node, "Transpose", [b], { perm }) : b]);
  return then(bias === undefined ? product : say(node, "Add", [product, bias]));
};

const norm: GraphRule = (node) => {
  slideOf({ ...node, attributes: { data_format: node.attributes.data_format } });
  const rest = [inputOf(node, 1), inputOf(node, 2), constantOf(node, 3), inputOf(node, 4)] as const;
  return batchNorm(node, inputOf(node, 0), rankOf(node, 0), rest, floatOf(node, "epsilon", 1e-3));
};

const pooling =
  (kind: "MaxPool" | "AveragePool"): GraphRule =>
  (node) =>
    pool(node, inputOf(node, 0), kind, windowIn(node), slideOf(node));

export const PRODUCTS: Record<string, GraphRule> = {
  AvgPool: pooling("AveragePool"),
  BatchMatMul: matmul,
  BatchMatMulV2: matmul,
  Conv2D: conv,
  DepthwiseConv2dNative: depthwiseConv,
  FusedBatchNorm: norm,
  FusedBatchNormV2: norm,
  FusedBatchNormV3: norm,
  FusedDepthwiseConv2dNative: depthwiseConv,
  MatMul: matmul,
  MaxPool: pooling("MaxPool"),
  _FusedConv2D: conv,
  _FusedMatMul: matmul,
};
