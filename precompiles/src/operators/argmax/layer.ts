/** ARGMAX: input [..., K] -> int32 [..., 1], the index of the largest of the last dimension; the lowest index wins ties. No attributes. */
import { elements } from "../../format/types.ts";
import type { Layer } from "../shared/layer.ts";
import { type Operands, sameShape } from "../shared/operands.ts";
import { elementwiseWork } from "../shared/work.ts";

export function readArgmax(operands: Operands): Layer {
  operands.expect(1, 0);
  const [input, output] = [operands.activation(0), operands.output("int32")];
  operands.require(sameShape(output.shape, [...input.shape.slice(0, -1), 1]), "output is not [..., 1]");
  return { input, output, ...elementwiseWork(elements(input.shape)) };
}
