import { requantise } from "../shared/requantise.ts";
import { eachTap } from "../shared/window.ts";
import type { Conv2d } from "./layer.ts";

export function runConv2d(layer: Conv2d, y: Int8Array, x: Int8Array): void {
  const { input, output, window, weights, bias, multipliers, requantisation } = layer;
  const [height, width, channels] = input.shape as [number, number, number];
  const [outHeight, outWidth, n] = output.shape as [number, number, number];
  const k = window.kernelY * window.kernelX * channels;
  for (let oy = 0; oy < outHeight; oy++)
    for (let ox = 0; ox < outWidth; ox++)
      for (let o = 0; o < n; o++) {
        let acc = bias[o]!;
        eachTap(window, height, width, oy, ox, (pixel, tap) => {
          for (let c = 0; c < channels; c++)
            acc = (acc + Math.imul(x[pixel * channels + c]! - input.zeroPoint, weights[o * k + tap * channels + c]!)) | 0;
        });
        y[(oy * outWidth + ox) * n + o] = requantise(acc, multipliers[o]!, requantisation, output.zeroPoint);
      }
}
