/** Functions of each element, of pairs, and reductions. */
import { constant } from "../../source/constant.ts";
import { activated } from "../activations.ts";
import { say } from "../say.ts";
import { globalPool } from "../windows.ts";
import { flagOf, floatOf, type GraphRule, inputOf, numbersOf, rankOf, unsupported } from "./node.ts";

/** The same in ONNX, by its name there. */
const same =
  (opType: string): GraphRule =>
  (node) =>
    say(node, opType, node.inputs);
const activation: GraphRule = (node) => activated(node, inputOf(node, 0), node.op);

/** Over height and width of an image, or what ONNX's reduction takes. */
const reduction =
  (kind: "Mean" | "Max"): GraphRule =>
  (node) => {
    const rank = rankOf(node, 0);
    const axes = numbersOf(node, 1).map((axis) => (axis < 0 ? axis + rank : axis));
    const keep = flagOf(node, "keep_dims");
    if (rank > 2 && [...axes].sort().join() === Array.from({ length: rank - 2 }, (_, i) => i + 1).join())
      return globalPool(node, inputOf(node, 0), kind === "Mean" ? "GlobalAveragePool" : "GlobalMaxPool", rank, keep);
    return say(node, `Reduce${kind}`, [inputOf(node, 0)], { axes, keepdims: keep ? 1 : 0 });
  };

const product: GraphRule = (node) =>
  say(node, "ReduceProd", [inputOf(node, 0)], { axes: numbersOf(node, 1), keepdims: flagOf(node, "keep_dims") ? 1 : 0 });

const argmax: GraphRule = (node) => say(node, "ArgMax", [inputOf(node, 0)], { axis: numbersOf(node, 1)[0] ?? 0, keepdims: 0 });

export const FUNCTIONS: Record<string, GraphRule> = {
  Abs: same("Abs"),
  Add: same("Add"),
  AddV2: same("Add"),
  ArgMax: argmax,
  BiasAdd: same("Add"),
  Ceil: same("Ceil"),
  Div: same("Div"),
  Elu: activation,
  Erf: same("Erf"),
  Exp: activation,
  Floor: same("Floor"),
  LeakyRelu: (node) => say(node, "LeakyRelu", [inputOf(node, 0)], { alpha: floatOf(node, "alpha", 0.2) }),
  Log: same("Log"),
  Max: reduction("Max"),
  Maximum: same("Max"),
  Mean: reduction("Mean"),
  Minimum: same("Min"),
  Mul: same("Mul"),
  Neg: same("Neg"),
  Pow: same("Pow"),
  Prelu: same("PRelu"),
  Prod: product,
  RealDiv: same("Div"),
  Reciprocal: same("Reciprocal"),
  Relu: activation,
  Relu6: activation,
  Round: same("Round"),
  Rsqrt: (node) => say(node, "Pow", [inputOf(node, 0), constant(true, [], [-0.5])]),
  Selu: activation,
  Sigmoid: activation,
  Softmax: activation,
  Softplus: activation,
  Softsign: activation,
  Sqrt: same("Sqrt"),
  Square: (node) => say(node, "Pow", [inputOf(node, 0), constant(true, [], [2])]),
  Sub: same("Sub"),
  Sum: (node) => unsupported(node, "a sum over a dimension", "train with a mean"),
  Tanh: activation,
};
