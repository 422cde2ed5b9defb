/** Dimensions that an operator's result has, whether its elements are known or not. */
import { numbers } from "../source/constant.ts";
import { axisOf, type Call, constantOf, intOf, invalid, listOf, optional } from "./call.ts";

/** Start, step and size along each of `dims`, as Slice says them in any operator set. */
export function sliceOf(call: Call, dims: readonly number[]): { start: number[]; step: number[]; sizes: number[] } {
  const starts = listOf(call, "starts", 1) ?? invalid(call, "no starts");
  const ends = listOf(call, "ends", 2) ?? invalid(call, "no ends");
  const axes = (listOf(call, "axes", 3) ?? starts.map((_, i) => i)).map((axis) => axisOf(call, axis, dims.length));
  const steps = optional(call, 4) === undefined ? starts.map(() => 1) : numbers(constantOf(call, 4));
  const [start, step, sizes] = [dims.map(() => 0), dims.map(() => 1), [...dims]];
  for (const [i, axis] of axes.entries()) {
    const [size, by] = [dims[axis]!, steps[i] ?? 1];
    if (by === 0) invalid(call, "a step of 0");
    const bounded = (x: number) => (by > 0 ? Math.min(Math.max(x, 0), size) : Math.min(Math.max(x, -1), size - 1));
    const at = (x: number) => bounded(x < 0 ? x + size : x);
    [start[axis], step[axis]] = [at(starts[i]!), by];
    sizes[axis] = Math.max(0, Math.ceil((at(ends[i]!) - start[axis]!) / by));
  }
  return { start, step, sizes };
}

/** The dimensions that Reshape asks for. */
export function reshapedTo(call: Call, dims: readonly number[]): number[] {
  const wanted = listOf(call, "shape", 1) ?? invalid(call, "no shape");
  const kept = wanted.map((x, i) => (x === 0 && intOf(call, "allowzero", 0) === 0 ? (dims[i] ?? 0) : x));
  const total = dims.reduce((a, b) => a * b, 1);
  const known = kept.reduce((product, x) => (x === -1 ? product : product * x), 1);
  const out = kept.map((x) => (x === -1 ? total / known : x));
  if (out.some((x) => !Number.isInteger(x) || x < 0) || out.reduce((a, b) => a * b, 1) !== total)
    invalid(call, `[${dims}] does not become [${wanted}]`);
  return out;
}

export function squeezed(call: Call, dims: readonly number[]): number[] {
  const axes = listOf(call, "axes", 1)?.map((axis) => axisOf(call, axis, dims.length));
  return dims.filter((dimension, i) => (axes === undefined ? dimension !== 1 : !axes.includes(i)));
}

export function unsqueezed(call: Call, dims: readonly number[]): number[] {
  const given = listOf(call, "axes", 1) ?? invalid(call, "no axes");
  const rank = dims.length + given.length;
  const axes = given.map((axis) => axisOf(call, axis, rank));
  const rest = [...dims];
  return Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : rest.shift()!));
}

export function flattened(call: Call, dims: readonly number[]): number[] {
  const axis = intOf(call, "axis", 1);
  const at = axis < 0 ? axis + dims.length : axis;
  return [dims.slice(0, at), dims.slice(at)].map((x) => x.reduce((a, b) => a * b, 1));
}

export function splitSizes(call: Call, size: number): number[] {
  const given = listOf(call, "split", 1);
  const fits = (sizes: readonly number[]) => sizes.every((x) => Number.isInteger(x) && x >= 0) && sizes.reduce((a, b) => a + b, 0) === size;
  if (given !== undefined) return fits(given) ? given : invalid(call, `parts of ${given} of ${size}`);
  const parts = intOf(call, "num_outputs", call.node.output.length);
  if (parts < 1 || parts > size) invalid(call, `${parts} parts of ${size}`);
  const each = Math.ceil(size / parts);
  return Array.from({ length: parts }, (_, i) => Math.min(each, size - i * each));
}
