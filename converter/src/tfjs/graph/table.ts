/** What each operator of a TensorFlow graph becomes, and what to do about those that become nothing. */
import { FUNCTIONS } from "./functions.ts";
import { MOVES } from "./moves.ts";
import { type GraphNode, type GraphRule, unsupported } from "./node.ts";
import { PRODUCTS } from "./products.ts";

const RULES: Record<string, GraphRule> = { ...FUNCTIONS, ...MOVES, ...PRODUCTS };

const REMEDIES: Record<string, string> = {
  Conv2DBackpropInput: "upsample by another part of the model, or use the asynchronous path",
  NonMaxSuppressionV3: "end the model before it, and choose boxes in the contract or its caller",
  NonMaxSuppressionV5: "end the model before it, and choose boxes in the contract or its caller",
  ResizeBilinear: "resize in the caller, or train without",
  ResizeNearestNeighbor: "resize in the caller, or train without",
  StatelessWhile: "unroll the loop before the export",
  While: "unroll the loop before the export",
};

export function ruleOf(node: GraphNode): GraphRule {
  if (Object.hasOwn(RULES, node.op)) return RULES[node.op]!;
  return unsupported(
    node,
    "this operator has no integer form here",
    (Object.hasOwn(REMEDIES, node.op) ? REMEDIES[node.op] : undefined) ??
      "replace it by operators that docs/models.md lists, or cut the model before it",
  );
}
