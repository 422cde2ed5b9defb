/**
 * A new handwriting of the same digit: rotation, scale, shear, shift, and a smooth elastic warp (Simard, Steinkraus and
 * Platt 2003), in one bilinear resampling.
 */
import type { Random } from "./random.ts";

const SIZE = 28;
const CENTRE = 13.5;
/** The warp is given on a grid of GRID x GRID knots and interpolated between them. */
const GRID = 6;

export interface Limits {
  rotation: number;
  scale: number;
  shear: number;
  shift: number;
  warp: number;
}

/** Radians, parts of 1, parts of 1, pixels, pixels. */
export const LIMITS: Limits = { rotation: 0.26, scale: 0.14, shear: 0.2, shift: 2, warp: 1.5 };

const between = (random: Random, limit: number) => (2 * random() - 1) * limit;

function warpField(random: Random, limit: number): Float64Array {
  return Float64Array.from({ length: 2 * GRID * GRID }, () => between(random, limit));
}

function warpAt(field: Float64Array, axis: number, gy: number, gx: number): number {
  const y = Math.min(GRID - 2, Math.floor(gy));
  const x = Math.min(GRID - 2, Math.floor(gx));
  const [fy, fx] = [gy - y, gx - x];
  const at = axis * GRID * GRID + y * GRID + x;
  const top = field[at]! * (1 - fx) + field[at + 1]! * fx;
  const bottom = field[at + GRID]! * (1 - fx) + field[at + GRID + 1]! * fx;
  return top * (1 - fy) + bottom * fy;
}

function sample(grey: Uint8Array, y: number, x: number): number {
  const y0 = Math.floor(y);
  const x0 = Math.floor(x);
  if (y0 < -1 || x0 < -1 || y0 >= SIZE || x0 >= SIZE) return 0;
  const [fy, fx] = [y - y0, x - x0];
  const at = (v: number, u: number) => (v < 0 || u < 0 || v >= SIZE || u >= SIZE ? 0 : grey[v * SIZE + u]!);
  const top = at(y0, x0) * (1 - fx) + at(y0, x0 + 1) * fx;
  const bottom = at(y0 + 1, x0) * (1 - fx) + at(y0 + 1, x0 + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Writes 784 values in [0, 1]. */
export function augment(grey: Uint8Array, random: Random, out: Float32Array, limits = LIMITS): void {
  const angle = between(random, limits.rotation);
  const [sx, sy] = [1 + between(random, limits.scale), 1 + between(random, limits.scale)];
  const shear = between(random, limits.shear);
  const [dx, dy] = [between(random, limits.shift), between(random, limits.shift)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const field = warpField(random, limits.warp);
  const step = (GRID - 1) / (SIZE - 1);
  for (let row = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++) {
      const [y, x] = [row - CENTRE, column - CENTRE];
      const u = (cos * x - sin * y) * sx + shear * y + CENTRE + dx + warpAt(field, 0, row * step, column * step);
      const v = (sin * x + cos * y) * sy + CENTRE + dy + warpAt(field, 1, row * step, column * step);
      out[row * SIZE + column] = sample(grey, v, u) / 255;
    }
}
