/**
 * A source's tensor as it stands in the graph: the graph's images are [height, width, channels] without a batch, a source's may
 * be [batch, channels, height, width]. Transposing changes `axes` only; elements move when an operator asks for an order.
 */
import { fail } from "../errors.ts";
import type { Builder } from "../ir/builder.ts";
import { sameShape, type Value } from "../ir/graph.ts";

export interface Laid {
  value: Value;
  /** As the source has it. */
  dims: readonly number[];
  /** For each of `dims` the value's dimension that holds it; -1 for one of size 1 that none holds. */
  axes: readonly number[];
}

/** As in row-major order, leading dimensions of size 1 (a batch) left out. */
export function rowMajor(value: Value, dims: readonly number[]): Laid {
  const skipped = dims.length - value.shape.length;
  return { value, dims, axes: dims.map((_, i) => Math.max(-1, i - skipped)) };
}

/** The graph's shape of a source's one. */
export function withoutBatch(dims: readonly number[]): number[] {
  const first = dims.findIndex((dimension) => dimension !== 1);
  return first < 0 ? [1] : dims.slice(first);
}

/** The elements as a row-major tensor of these dimensions of the source, in this order; the others have size 1. */
export function arranged(builder: Builder, { value, dims, axes }: Laid, order: readonly number[], name: string): Value {
  const shape = order.length === 0 ? [1] : order.map((dim) => dims[dim]!);
  if (dims.some((dimension, i) => dimension !== 1 && !order.includes(i)))
    fail("CONVERT_UNSUPPORTED", `${name}: a batch of [${dims}] cannot be dropped: export the model for one input`);
  const real = order.map((dim) => axes[dim]!).filter((axis) => axis >= 0 && value.shape[axis] !== 1);
  if (real.every((axis, i) => i === 0 || axis > real[i - 1]!))
    return sameShape(value.shape, shape) ? value : builder.reshape(value, shape, name);
  const ones = value.shape.flatMap((dimension, axis) => (dimension === 1 ? [axis] : []));
  return builder.reshape(builder.add({ kind: "transpose", order: [...ones, ...real] }, [value], name), shape, name);
}

/** Row-major, leading dimensions of size 1 left out. */
export function straight(builder: Builder, laid: Laid, name: string): Value {
  const shape = withoutBatch(laid.dims);
  const from = laid.dims.length - Math.min(shape.length, laid.dims.length);
  return arranged(
    builder,
    laid,
    laid.dims.slice(from).map((_, i) => from + i),
    name,
  );
}

/** The source's dimensions in the order in which the value holds them, those that it does not hold left out. */
export function orderOf({ axes }: Laid): number[] {
  return axes
    .flatMap((axis, dim) => (axis >= 0 ? [{ axis, dim }] : []))
    .sort((a, b) => a.axis - b.axis)
    .map(({ dim }) => dim);
}

/** As `value` of the same dimensions, laid out likewise. */
export const like = (laid: Laid, value: Value): Laid => ({ ...laid, value });
