import type { Layer } from "../shared/layer.ts";

export function runArgmax({ input }: Layer, y: Int32Array, x: Int8Array): void {
  const k = input.shape.at(-1)!;
  for (let row = 0; row < y.length; row++) {
    let best = 0;
    for (let i = 1; i < k; i++) if (x[row * k + i]! > x[row * k + best]!) best = i;
    y[row] = best;
  }
}
