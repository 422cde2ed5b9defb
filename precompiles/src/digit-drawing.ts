/**
 * A drawing of any size to the picture that the model was trained on (as MNIST was made): the ink's bounding box scaled to
 * 20 x 20 with its proportions kept, its centre of mass in the middle of 28 x 28. Runs in a browser; nothing on chain.
 */
import { DIGIT_PIXELS, DIGIT_SIDE } from "./digits.ts";

const BOX = 20;
/** Grey values up to this are background. */
const BACKGROUND = 16;

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function inkBox(grey: ArrayLike<number>, width: number, height: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (grey[y * width + x]! <= BACKGROUND) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

const STEPS = 4;

/** Mean of the source under the unit square at (u, v) of the scaled picture, by STEPS x STEPS points. */
function meanAt(grey: ArrayLike<number>, width: number, height: number, left: number, top: number, scale: number): number {
  let sum = 0;
  for (let i = 0; i < STEPS * STEPS; i++) {
    const x = Math.floor(left + (((i % STEPS) + 0.5) / STEPS) * scale);
    const y = Math.floor(top + ((Math.floor(i / STEPS) + 0.5) / STEPS) * scale);
    if (x >= 0 && y >= 0 && x < width && y < height) sum += grey[y * width + x]!;
  }
  return sum / (STEPS * STEPS);
}

function centreOfMass(grey: ArrayLike<number>, width: number, box: Box): { x: number; y: number } {
  let [mass, mx, my] = [0, 0, 0];
  for (let y = box.top; y < box.top + box.height; y++)
    for (let x = box.left; x < box.left + box.width; x++) {
      const value = grey[y * width + x]!;
      mass += value;
      mx += value * (x + 0.5);
      my += value * (y + 0.5);
    }
  return { x: mx / mass, y: my / mass };
}

/** `width` x `height` grey values of 0..255, ink bright on black, to 784 of them for `encodeGreyDigit`; an empty drawing stays empty. */
export function normaliseDrawing(grey: ArrayLike<number>, width: number, height: number): Uint8Array {
  const out = new Uint8Array(DIGIT_PIXELS);
  const box = inkBox(grey, width, height);
  if (!box) return out;
  const scale = Math.max(box.width, box.height) / BOX;
  const centre = centreOfMass(grey, width, box);
  for (let i = 0; i < DIGIT_PIXELS; i++) {
    const left = centre.x + ((i % DIGIT_SIDE) - DIGIT_SIDE / 2) * scale;
    const top = centre.y + (Math.floor(i / DIGIT_SIDE) - DIGIT_SIDE / 2) * scale;
    out[i] = Math.round(meanAt(grey, width, height, left, top, scale));
  }
  return out;
}
