import type { Values } from "../operator.ts";
import { rowsOf } from "../shared/operands.ts";
import { requantise } from "../shared/requantise.ts";
import type { Dense } from "./layer.ts";

export function runDense(layer: Dense, y: Values, x: Int8Array): void {
  const { input, output, weights, bias, multipliers, requantisation } = layer;
  const k = input.shape.at(-1)!;
  const n = output.shape.at(-1)!;
  for (let row = 0; row < rowsOf(input.shape); row++)
    for (let o = 0; o < n; o++) {
      let acc = bias[o]!;
      for (let i = 0; i < k; i++) acc = (acc + Math.imul(x[row * k + i]! - input.zeroPoint, weights[o * k + i]!)) | 0;
      y[row * n + o] =
        multipliers === undefined || requantisation === undefined
          ? acc
          : requantise(acc, multipliers[o]!, requantisation, output.zeroPoint);
    }
}
