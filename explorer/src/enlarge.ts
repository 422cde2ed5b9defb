export type Point = readonly [x: number, y: number];

/** Of the side: how large a drawing is made at least, and how many times larger at most, so that a dot stays one. */
const LEAST = 0.64;
const MOST = 4;

/**
 * A small drawing made as large as most are, in the middle; a large one as it is. Its pen is then as wide as theirs: enlarged with
 * its ink, strokes would run together.
 */
export function enlarged(strokes: readonly (readonly Point[])[]): Point[][] {
  const points = strokes.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const factor = Math.min(MOST, LEAST / Math.max(right - left, bottom - top));
  if (!(factor > 1)) return strokes.map((stroke) => [...stroke]);
  const [cx, cy] = [(left + right) / 2, (top + bottom) / 2];
  return strokes.map((stroke) => stroke.map(([x, y]) => [0.5 + (x - cx) * factor, 0.5 + (y - cy) * factor] as const));
}
