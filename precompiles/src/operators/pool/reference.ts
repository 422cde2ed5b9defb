import { floorDivide } from "../shared/floor-divide.ts";
import { eachTap } from "../shared/window.ts";
import type { Pool } from "./layer.ts";

export function runMaxpool(layer: Pool, y: Int8Array, x: Int8Array): void {
  eachWindow(layer, y, x, (values) => values.reduce((largest, value) => Math.max(largest, value)));
}

export function runAvgpool(layer: Pool, y: Int8Array, x: Int8Array): void {
  eachWindow(layer, y, x, (values) => floorDivide(values.reduce((sum, value) => sum + value) + (values.length >> 1), values.length));
}

/** `pooled`: of the elements of one channel that lie in the window, at least one. */
function eachWindow({ input, output, window }: Pool, y: Int8Array, x: Int8Array, pooled: (values: number[]) => number): void {
  const [height, width, channels] = input.shape as [number, number, number];
  const [outHeight, outWidth] = output.shape as [number, number, number];
  for (let oy = 0; oy < outHeight; oy++)
    for (let ox = 0; ox < outWidth; ox++)
      for (let c = 0; c < channels; c++) {
        const values: number[] = [];
        eachTap(window, height, width, oy, ox, (pixel) => values.push(x[pixel * channels + c]!));
        y[(oy * outWidth + ox) * channels + c] = pooled(values);
      }
}
