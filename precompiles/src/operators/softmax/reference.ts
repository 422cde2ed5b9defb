import { floorDivide } from "../shared/floor-divide.ts";
import type { Softmax } from "./layer.ts";

export function runSoftmax({ input, table, offset }: Softmax, y: Int8Array, x: Int8Array): void {
  const k = input.shape.at(-1)!;
  const rows = input.shape.at(-2) ?? 1;
  for (let row = 0; row < x.length / k; row++) {
    const length = offset === undefined ? k : Math.min(k, (row % rows) + 1 + offset);
    const scores = x.subarray(row * k, row * k + length);
    const largest = scores.reduce((m, score) => Math.max(m, score));
    const e = Array.from(scores, (score) => table[largest - score]!);
    const sum = e.reduce((s, term) => s + term, 0);
    y.fill(0, row * k, row * k + k);
    for (let j = 0; j < length; j++) y[row * k + j] = floorDivide(127 * e[j]! + floorDivide(sum, 2), sum);
  }
}
