/** Inputs of a model from a file of numbers, each as the graph's input lies. */
import { fail } from "../errors.ts";
import { count, type Shape, sameShape } from "../ir/graph.ts";
import { transposed } from "../source/constant.ts";
import type { Laid } from "../source/laid.ts";
import type { Numbers } from "./npy.ts";

/** First axis the inputs; the others as the source has them, or as the graph has. Throws CONVERT_DATA_INVALID. */
export function inputsOf({ shape, data }: Numbers, { value, dims, axes }: Laid, what: string): Float32Array[] {
  const size = count(value.shape);
  const own = shape.slice(1);
  const plain = (of: Shape) => of.filter((dimension) => dimension !== 1);
  const asSource = sameShape(plain(own), plain(dims));
  if (!asSource && !sameShape(plain(own), plain(value.shape)))
    fail("CONVERT_DATA_INVALID", `${what}: [${shape}], where [n, ${dims.slice(1)}] or [n, ${value.shape}] is expected`);
  const each = Array.from({ length: shape[0] ?? 0 }, (_, i) => data.subarray(i * size, (i + 1) * size));
  if (each.length === 0) fail("CONVERT_DATA_INVALID", `${what}: no inputs`);
  if (!asSource) return each;
  const order = axes.flatMap((axis, dim) => (axis >= 0 ? [{ axis, dim }] : [])).sort((a, b) => a.axis - b.axis);
  return each.map(
    (x) =>
      transposed({ float: true, dims, data: x }, [
        ...dims.flatMap((_, dim) => (axes[dim]! < 0 ? [dim] : [])),
        ...order.map(({ dim }) => dim),
      ]).data as Float32Array,
  );
}

/** Where nobody gives inputs: whole noise, seeded. It tells no range that real inputs have. */
export function noise(shape: Shape, n: number): Float32Array[] {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: n }, () => Float32Array.from({ length: count(shape) }, random));
}
