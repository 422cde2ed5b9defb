import type { Topk } from "./layer.ts";

export function runTopk({ input, k }: Topk, y: Int32Array, x: Int8Array): void {
  const width = input.shape.at(-1)!;
  for (let row = 0; row < y.length / k; row++) {
    const values = x.subarray(row * width, (row + 1) * width);
    const order = Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
    y.set(order.slice(0, k), row * k);
  }
}
