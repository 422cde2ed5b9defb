// MAXPOOL: 16 channels at a time. Pixels are written in order, so that what a store writes beyond
// the channels there are is written again by the next pixel.
import * as op from "./descriptor";
import { firstX, firstY, lastX, lastY, look, origin } from "./window";

export function maxpool(d: usize): void {
  const channels = op.channels(d);
  let y = op.y(d);
  for (let oy = 0; oy < op.outHeight(d); oy++)
    for (let ox = 0; ox < op.outWidth(d); ox++) {
      look(d, oy, ox);
      for (let c = 0; c < channels; c += 16) {
        let best = i8x16.splat(-128);
        for (let ky = firstY; ky < lastY; ky++)
          for (let kx = firstX; kx < lastX; kx++)
            best = i8x16.max_s(best, v128.load(op.x(d) + (origin + ky * op.width(d) + kx) * channels + c));
        v128.store(y + c, best);
      }
      y += channels;
    }
}
