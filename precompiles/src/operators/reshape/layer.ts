/** RESHAPE: the same elements in the same order, the same zero point. No attributes: the output's shape says it. */
import { elements } from "../../format/types.ts";
import type { Layer } from "../shared/layer.ts";
import type { Operands } from "../shared/operands.ts";

export function readReshape(operands: Operands): Layer {
  operands.expect(1, 0);
  const [input, output] = [operands.activation(0), operands.output()];
  operands.require(elements(input.shape) === elements(output.shape), "the number of elements changes");
  operands.require(input.zeroPoint === output.zeroPoint, "the zero point changes");
  return { input, output, macs: 0, units: elements(output.shape) };
}
