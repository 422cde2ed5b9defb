/** Digits as strokes, for those who cannot or do not want to draw; a little different each time. */
import type { Point } from "./enlarge.ts";

function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Point[] {
  const steps = 24;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });
}

const EXAMPLES: readonly (readonly Point[])[][] = [
  [arc(0.5, 0.5, 0.2, 0.32, -90, 270)],
  [
    [
      [0.42, 0.28],
      [0.52, 0.18],
      [0.5, 0.82],
    ],
  ],
  [[...arc(0.5, 0.36, 0.19, 0.18, 190, 390), [0.32, 0.8], [0.7, 0.8]]],
  [[...arc(0.48, 0.34, 0.18, 0.16, 210, 440), ...arc(0.48, 0.65, 0.2, 0.17, -80, 150)]],
  [
    [
      [0.4, 0.18],
      [0.3, 0.56],
      [0.7, 0.56],
    ],
    [
      [0.62, 0.2],
      [0.58, 0.84],
    ],
  ],
  [[[0.66, 0.2], [0.4, 0.2], [0.37, 0.46], ...arc(0.48, 0.63, 0.19, 0.19, -110, 140)]],
  [[[0.6, 0.18], [0.42, 0.4], ...arc(0.5, 0.65, 0.16, 0.17, 190, 560)]],
  [
    [
      [0.3, 0.22],
      [0.7, 0.22],
      [0.46, 0.82],
    ],
  ],
  [arc(0.5, 0.34, 0.15, 0.15, 90, 450), arc(0.5, 0.66, 0.18, 0.17, -90, 270)],
  [[...arc(0.5, 0.36, 0.16, 0.17, 0, 360), [0.64, 0.5], [0.58, 0.84]]],
];

/** A shear and a shift, small enough to keep the digit. */
export function exampleStrokes(digit: number): Point[][] {
  const [shear, dx] = [(Math.random() - 0.5) * 0.2, (Math.random() - 0.5) * 0.1];
  return (EXAMPLES[digit % 10] as Point[][]).map((stroke) => stroke.map(([x, y]) => [x + dx + (0.5 - y) * shear, y] as const));
}
