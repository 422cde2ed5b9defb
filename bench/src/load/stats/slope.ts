/** Ordinary least squares of y over x, and the 95 % interval of the slope. */
export type Slope = { slope: number; low: number; high: number };

/** Student's t at 97.5 % by degrees of freedom; beyond the table the next smaller row, so that the interval is never too narrow. */
const T: readonly [number, number][] = [
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [6, 2.447],
  [7, 2.365],
  [8, 2.306],
  [9, 2.262],
  [10, 2.228],
  [12, 2.179],
  [15, 2.131],
  [20, 2.086],
  [30, 2.042],
  [60, 2.0],
  [120, 1.98],
  [1000, 1.962],
];

/** Undefined below four points, where an interval says nothing. */
export function fitSlope(points: readonly (readonly [number, number])[]): Slope | undefined {
  const n = points.length;
  if (n < 4) return undefined;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const sxx = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const sxy = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const slope = sxy / sxx;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  const reach = studentT(n - 2) * Math.sqrt(rest / (n - 2) / sxx);
  return { slope, low: slope - reach, high: slope + reach };
}

function studentT(freedom: number): number {
  return T.findLast(([df]) => df <= freedom)?.[1] ?? T[0]![1];
}

/** Means of `parts` equal parts in order: neighbours among samples resemble each other, and as single points would narrow the interval. */
export function partMeans(points: readonly (readonly [number, number])[], parts: number): [number, number][] {
  const size = points.length / parts;
  return Array.from({ length: parts }, (_, k) => {
    const part = points.slice(Math.round(k * size), Math.round((k + 1) * size));
    return [part.reduce((sum, [x]) => sum + x, 0) / part.length, part.reduce((sum, [, y]) => sum + y, 0) / part.length];
  });
}
