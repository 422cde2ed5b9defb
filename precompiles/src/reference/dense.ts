import type { Dense } from "../model/layers/dense.ts";
import { rowsOf } from "../model/layers/operands.ts";
import { requantise } from "./requantise.ts";

export function runDense(layer: Dense, x: Int8Array, y: Int8Array): void {
  const { input, output, weights, bias, multipliers, requantisation } = layer;
  const k = input.shape.at(-1)!;
  const n = output.shape.at(-1)!;
  for (let row = 0; row < rowsOf(input.shape); row++)
    for (let o = 0; o < n; o++) {
      let acc = bias[o]!;
      for (let i = 0; i < k; i++) acc = (acc + Math.imul(x[row * k + i]! - input.zeroPoint, weights[o * k + i]!)) | 0;
      y[row * n + o] = requantise(acc, multipliers[o]!, requantisation, output.zeroPoint);
    }
}
