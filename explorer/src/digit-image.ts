/**
 * A drawing becomes a picture as MNIST's are: the ink's box scaled into 20 x 20 keeping its shape, by area (anti-aliased), then
 * placed on 28 x 28 so that its centre of mass is the centre (LeCun, MNIST).
 */
export const SIDE = 28;
const BOX = 20;
const FAINT = 0.02; // rounding at the edge of a stroke, not ink

/** `ink` is side x side, row-major, 0 to 1. undefined: nothing is drawn. */
export function normaliseDrawing(ink: ArrayLike<number>, side: number): Float32Array | undefined {
  const box = inkBox(ink, side);
  return box && centred(scaled(ink, side, box));
}

/** 784 bytes as INFER takes them: (round(255 p) - 128) & 255. */
export function modelInput(picture: Float32Array): Uint8Array {
  return Uint8Array.from(picture, (p) => (Math.round(255 * p) - 128) & 255);
}

type Box = { left: number; top: number; right: number; bottom: number };

function inkBox(ink: ArrayLike<number>, side: number): Box | undefined {
  const box = { left: side, top: side, right: -1, bottom: -1 };
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if ((ink[y * side + x] as number) <= FAINT) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
  }
  return box.right < 0 ? undefined : box;
}

/** The box in the middle of BOX x BOX; each pixel is the mean of the area that it covers. */
function scaled(ink: ArrayLike<number>, side: number, box: Box): Float32Array {
  const [width, height] = [box.right - box.left + 1, box.bottom - box.top + 1];
  const step = Math.max(width, height) / BOX;
  const x0 = box.left + width / 2 - (step * BOX) / 2;
  const y0 = box.top + height / 2 - (step * BOX) / 2;
  const out = new Float32Array(BOX * BOX);
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [x0 + (i % BOX) * step, y0 + Math.floor(i / BOX) * step];
    out[i] = areaMean(ink, side, x, y, step);
  }
  return out;
}

function areaMean(ink: ArrayLike<number>, side: number, x: number, y: number, step: number): number {
  let sum = 0;
  for (let v = Math.floor(y); v < y + step; v++) {
    const rows = Math.min(v + 1, y + step) - Math.max(v, y);
    for (let u = Math.floor(x); u < x + step; u++) {
      if (u < 0 || v < 0 || u >= side || v >= side) continue;
      sum += (ink[v * side + u] as number) * rows * (Math.min(u + 1, x + step) - Math.max(u, x));
    }
  }
  return Math.min(1, sum / (step * step));
}

function centred(small: Float32Array): Float32Array {
  let [mass, mx, my] = [0, 0, 0];
  for (const [i, p] of small.entries()) {
    mass += p;
    mx += p * (i % BOX);
    my += p * Math.floor(i / BOX);
  }
  const shift = (sum: number) => Math.min(SIDE - BOX, Math.max(0, Math.round((SIDE - 1) / 2 - sum / mass)));
  const [dx, dy] = [shift(mx), shift(my)];
  const out = new Float32Array(SIDE * SIDE);
  for (const [i, p] of small.entries()) out[(Math.floor(i / BOX) + dy) * SIDE + (i % BOX) + dx] = p;
  return out;
}
