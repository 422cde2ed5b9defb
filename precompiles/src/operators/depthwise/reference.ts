import { requantise } from "../shared/requantise.ts";
import { eachTap } from "../shared/window.ts";
import type { Depthwise } from "./layer.ts";

export function runDepthwise(layer: Depthwise, y: Int8Array, x: Int8Array): void {
  const { input, output, window, weights, bias, multipliers, requantisation } = layer;
  const [height, width, channels] = input.shape as [number, number, number];
  const [outHeight, outWidth] = output.shape as [number, number, number];
  for (let oy = 0; oy < outHeight; oy++)
    for (let ox = 0; ox < outWidth; ox++)
      for (let c = 0; c < channels; c++) {
        let acc = bias[c]!;
        eachTap(window, height, width, oy, ox, (pixel, tap) => {
          acc = (acc + Math.imul(x[pixel * channels + c]! - input.zeroPoint, weights[tap * channels + c]!)) | 0;
        });
        y[(oy * outWidth + ox) * channels + c] = requantise(acc, multipliers[c]!, requantisation, output.zeroPoint);
      }
}
