import type { Window } from "./layer.ts";

/** Calls with (index of the pixel, index of the tap) for every tap of the window at (oy, ox) that lies inside the image. */
export function eachTap(
  window: Window,
  height: number,
  width: number,
  oy: number,
  ox: number,
  visit: (pixel: number, tap: number) => void,
) {
  const { kernelY, kernelX, strideY, strideX, padTop, padLeft } = window;
  for (let ky = 0; ky < kernelY; ky++) {
    const iy = oy * strideY + ky - padTop;
    if (iy < 0 || iy >= height) continue;
    for (let kx = 0; kx < kernelX; kx++) {
      const ix = ox * strideX + kx - padLeft;
      if (ix >= 0 && ix < width) visit(iy * width + ix, ky * kernelX + kx);
    }
  }
}
