/** For each dimension, how far apart neighbours lie in row-major order. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

/** Calls with each place of the shape in row-major order, and its index in it. */
export function eachPlace(shape: readonly number[], visit: (place: readonly number[], index: number) => void): void {
  const place = shape.map(() => 0);
  const total = shape.reduce((product, size) => product * size, 1);
  for (let index = 0; index < total; index++) {
    visit(place, index);
    for (let i = shape.length - 1; i >= 0 && ++place[i]! === shape[i]; i--) place[i] = 0;
  }
}

/** Index of a place, given its strides. */
export function indexOf(place: readonly number[], strides: readonly number[]): number {
  return place.reduce((sum, at, i) => sum + at * strides[i]!, 0);
}
