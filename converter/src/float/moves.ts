/** Operators that move elements, in floats. */
import type { Shape } from "../ir/graph.ts";

const steps = (shape: Shape) => shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));

/** y[index] = x at `base` + the sum of index[i] * by[i]. */
function walk(y: Float32Array, shape: Shape, x: Float32Array, base: number, by: readonly number[]): void {
  const index = shape.map(() => 0);
  let source = base;
  for (let to = 0; to < y.length; to++) {
    y[to] = x[source]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += by[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      source -= by[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

export function transpose(y: Float32Array, to: Shape, x: Float32Array, from: Shape, order: readonly number[]): void {
  const by = steps(from);
  walk(
    y,
    to,
    x,
    0,
    order.map((axis) => by[axis]!),
  );
}

export function slice(y: Float32Array, to: Shape, x: Float32Array, from: Shape, start: readonly number[], step: readonly number[]): void {
  const by = steps(from);
  walk(
    y,
    to,
    x,
    start.reduce((sum, s, axis) => sum + s * by[axis]!, 0),
    by.map((s, axis) => s * step[axis]!),
  );
}

export function pad(y: Float32Array, to: Shape, x: Float32Array, from: Shape, before: readonly number[]): void {
  const [by, own] = [steps(to), steps(from)];
  for (let i = 0; i < x.length; i++) {
    const at = own.reduce((sum, s, axis) => sum + ((Math.floor(i / s) % from[axis]!) + before[axis]!) * by[axis]!, 0);
    y[at] = x[i]!;
  }
}

export function concat(y: Float32Array, to: Shape, parts: readonly { data: Float32Array; shape: Shape }[], axis: number): void {
  const inner = to.slice(axis + 1).reduce((a, b) => a * b, 1);
  const row = to[axis]! * inner;
  let from = 0;
  for (const { data, shape } of parts) {
    const width = shape[axis]! * inner;
    for (let i = 0; i * width < data.length; i++) y.set(data.subarray(i * width, (i + 1) * width), i * row + from);
    from += width;
  }
}
