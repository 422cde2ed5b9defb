import type { Pool } from "../model/layers/pool.ts";
import { eachTap } from "./window.ts";

export function runPool(layer: Pool, x: Int8Array, y: Int8Array): void {
  const { input, output, window } = layer;
  const [height, width, channels] = input.shape as [number, number, number];
  const [outHeight, outWidth] = output.shape as [number, number, number];
  for (let oy = 0; oy < outHeight; oy++)
    for (let ox = 0; ox < outWidth; ox++)
      for (let c = 0; c < channels; c++) {
        let [largest, sum, n] = [-128, 0, 0];
        eachTap(window, height, width, oy, ox, (pixel) => {
          const value = x[pixel * channels + c]!;
          largest = Math.max(largest, value);
          sum += value;
          n++;
        });
        y[(oy * outWidth + ox) * channels + c] = layer.kind === "maxpool" ? largest : floorDivide(sum + (n >> 1), n);
      }
}

/** Largest integer not above a / b; b > 0. Of integers only: the quotient of doubles is never consulted. */
function floorDivide(a: number, b: number): number {
  const remainder = a % b;
  return (a - (remainder < 0 ? remainder + b : remainder)) / b;
}
