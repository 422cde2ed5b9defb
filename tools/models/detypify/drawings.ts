/**
 * Drawings like those that people give detypify: no set of them is on npm, so a pen follows the strokes of Hershey's Greek
 * letters (hersheytext, MIT), each time with a hand of its own. What is measured with them is that int8 says what
 * float says, not how well either reads handwriting.
 */
import { randomOf } from "../random.ts";

type Point = readonly [number, number];
export type Stroke = readonly Point[];

const SIDE = 224;
/** As detypify's drawStrokes: lines of 8 pixels, 10 pixels of margin. */
const HALF_WIDTH = 4;
const MARGIN = 10;
/** Of the fonts that draw single lines, the one whose letters are among detypify's signs: Greek, 24 large and 24 small ones. */
const FONT = "greek";
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXabcdefghijklmnopqrstuvwx"];
/** The font's first character. */
const FIRST = "!";

export type Fonts = Record<string, { chars: readonly { d: string }[] }>;

/** Strokes of every letter: SVG paths of M and L with whole numbers. */
export function charactersOf(fonts: Fonts): Stroke[][] {
  const paths = LETTERS.map((letter) => fonts[FONT]?.chars[letter.charCodeAt(0) - FIRST.charCodeAt(0)]?.d ?? "");
  const strokes = paths.map((d) =>
    d.split("M").map((part) => [...part.matchAll(/(-?\d+),(-?\d+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)),
  );
  return strokes.map((x) => x.filter((stroke) => stroke.length > 1)).filter((x) => x.length > 0);
}

/** One character by another hand: turned, slanted, stretched, and unsteady. */
export function handwritten(characters: readonly (readonly Stroke[])[], seed: number): Stroke[] {
  const random = randomOf(seed);
  const wobble = (size: number) => (random() - 0.5) * size;
  const strokes = characters[Math.floor(random() * characters.length)] as readonly Stroke[];
  const [turn, slant, stretch] = [wobble(0.3), wobble(0.3), 1 + wobble(0.3)];
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => {
      const [u, v] = [x * stretch + slant * y + wobble(0.6), y + wobble(0.6)];
      return [u * Math.cos(turn) - v * Math.sin(turn), u * Math.sin(turn) + v * Math.cos(turn)] as const;
    }),
  );
}

/** 224 x 224 grey values from 0 (ground) to 1 (ink), as detypify's own canvas gives them. */
export function draw(strokes: readonly Stroke[]): Float32Array {
  const points = strokes.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = Math.max(right - left, bottom - top);
  const scale = size > 1e-6 ? (SIDE - 2 * MARGIN) / size : 1;
  const place = ([x, y]: Point): Point => [
    Math.round((x - (left + right) / 2) * scale + SIDE / 2),
    Math.round((y - (top + bottom) / 2) * scale + SIDE / 2),
  ];
  const out = new Float32Array(SIDE * SIDE);
  for (const stroke of strokes) for (let i = 1; i < stroke.length; i++) segment(out, place(stroke[i - 1]!), place(stroke[i]!));
  return out;
}

/** Ink by distance from the line, a pixel's width of grey at its edge. */
function segment(out: Float32Array, [x0, y0]: Point, [x1, y1]: Point): void {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const reach = HALF_WIDTH + 1;
  for (let y = Math.max(0, Math.min(y0, y1) - reach); y < Math.min(SIDE, Math.max(y0, y1) + reach); y++)
    for (let x = Math.max(0, Math.min(x0, x1) - reach); x < Math.min(SIDE, Math.max(x0, x1) + reach); x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const t = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
      const ink = HALF_WIDTH + 0.5 - Math.hypot(px - t * dx, py - t * dy);
      out[y * SIDE + x] = Math.max(out[y * SIDE + x]!, Math.min(1, ink));
    }
}
