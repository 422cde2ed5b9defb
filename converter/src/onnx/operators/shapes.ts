import { count } from "../../ir/graph.ts";
import { numbers } from "../../source/constant.ts";
import { arranged, type Laid, orderOf, rowMajor, withoutBatch } from "../../source/laid.ts";
import {
  axisOf,
  type Call,
  constantOf,
  intOf,
  intsOf,
  invalid,
  isConstant,
  type Known,
  laidOf,
  listOf,
  type Rule,
  scalarOf,
  straightOf,
  textOf,
  unsupported,
} from "../call.ts";
import { flattened, reshapedTo, sliceOf, splitSizes, squeezed, unsqueezed } from "../dimensions.ts";

/** Where only dimensions of size 1 come and go, nothing moves. */
function become(call: Call, laid: Laid, dims: readonly number[]): Known {
  const real = (of: readonly number[]) => of.flatMap((dimension, i) => (dimension === 1 ? [] : [i]));
  const [from, to] = [real(laid.dims), real(dims)];
  if (from.length === to.length && from.every((i, at) => laid.dims[i] === dims[to[at]!])) {
    const axes = dims.map((_, i) => (to.includes(i) ? laid.axes[from[to.indexOf(i)]!]! : -1));
    return { value: laid.value, dims, axes };
  }
  return rowMajor(call.builder.reshape(straightOf({ ...call, inputs: [laid] }, 0), withoutBatch(dims), call.name), dims);
}

const reshape =
  (to: (call: Call, dims: readonly number[]) => number[]): Rule =>
  (call) => [become(call, laidOf(call, 0), to(call, laidOf(call, 0).dims))];

const transpose: Rule = (call) => {
  const { value, dims, axes } = laidOf(call, 0);
  const order = intsOf(call, "perm") ?? dims.map((_, i) => dims.length - 1 - i);
  if ([...order].sort((a, b) => a - b).some((axis, i) => axis !== i) || order.length !== dims.length) invalid(call, `perm ${order}`);
  return [{ value, dims: order.map((i) => dims[i]!), axes: order.map((i) => axes[i]!) }];
};

const concat: Rule = (call) => {
  const parts = call.inputs.map((_, i) => laidOf(call, i));
  const first = parts[0]!;
  const axis = axisOf(call, intOf(call, "axis", 0), first.dims.length);
  const held = orderOf(first);
  const order = held.includes(axis) ? held : [axis, ...held];
  // A dimension of size 1 in the first may be larger in another.
  const missing = first.dims.map((_, i) => i).filter((i) => !order.includes(i) && parts.some(({ dims }) => dims[i] !== 1));
  if (missing.length > 0) invalid(call, "its inputs do not fit");
  const value = call.builder.add(
    { kind: "concat", axis: order.indexOf(axis) },
    parts.map((x) => arranged(call.builder, x, order, call.name)),
    call.name,
  );
  const dims = first.dims.map((dimension, i) => (i === axis ? parts.reduce((sum, x) => sum + x.dims[axis]!, 0) : dimension));
  return [{ value, dims, axes: dims.map((_, i) => order.indexOf(i)) }];
};

function sliced(call: Call, laid: Laid, start: readonly number[], step: readonly number[], sizes: readonly number[]): Laid {
  const { value, dims, axes } = laid;
  if (sizes.every((size, i) => size === dims[i] && step[i] === 1)) return laid;
  if (step.some((x) => x < 1)) unsupported(call, "a slice backwards", "reverse the weights that follow instead");
  if (sizes.some((x) => x < 1)) invalid(call, "an empty slice");
  const on = (from: readonly number[], otherwise: number) =>
    value.shape.map((_, axis) => {
      const dim = axes.indexOf(axis);
      return dim < 0 ? otherwise : from[dim]!;
    });
  const shape = value.shape.map((dimension, axis) => {
    const dim = axes.indexOf(axis);
    return dim < 0 ? dimension : sizes[dim]!;
  });
  return {
    value: call.builder.add({ kind: "slice", start: on(start, 0), step: on(step, 1) }, [value], call.name, shape),
    dims: sizes,
    axes,
  };
}

const slice: Rule = (call) => {
  const laid = laidOf(call, 0);
  const { start, step, sizes } = sliceOf(call, laid.dims);
  return [sliced(call, laid, start, step, sizes)];
};

const split: Rule = (call) => {
  const laid = laidOf(call, 0);
  const axis = axisOf(call, intOf(call, "axis", 0), laid.dims.length);
  let at = 0;
  return splitSizes(call, laid.dims[axis]!).map((size) => {
    const from = at;
    at += size;
    return sliced(
      call,
      laid,
      laid.dims.map((_, i) => (i === axis ? from : 0)),
      laid.dims.map(() => 1),
      laid.dims.map((d, i) => (i === axis ? size : d)),
    );
  });
};

/** Rows of a table by the model's input; or the elements of a result at places that lie at one distance. */
const gather: Rule = (call) => {
  if (isConstant(call.inputs[0])) return embedding(call);
  const laid = laidOf(call, 0);
  const axis = axisOf(call, intOf(call, "axis", 0), laid.dims.length);
  const indices = constantOf(call, 1);
  const size = laid.dims[axis]!;
  const places = numbers(indices).map((i) => (i < 0 ? i + size : i));
  const [start = 0, second = start + 1] = places;
  const step = second - start;
  if (!places.every((place, i) => Number.isInteger(place) && place === start + i * step) || start < 0 || places.at(-1)! >= size || step < 1)
    return unsupported(
      call,
      "elements in an order of their own",
      "gather a range of elements, or fold the order into the weights that follow",
    );
  const pick = (x: number, others: (d: number) => number) => laid.dims.map((d, i) => (i === axis ? x : others(d)));
  const part = sliced(
    call,
    laid,
    pick(start, () => 0),
    pick(step, () => 1),
    pick(places.length, (d) => d),
  );
  return [become(call, part, [...laid.dims.slice(0, axis), ...indices.dims, ...laid.dims.slice(axis + 1)])];
};

const embedding: Rule = (call) => {
  const [table, laid] = [constantOf(call, 0), laidOf(call, 1)];
  if (table.dims.length !== 2 || intOf(call, "axis", 0) !== 0) unsupported(call, `rows of [${table.dims}]`, "give a matrix of rows");
  const value = call.builder.add(
    { kind: "gather", table: Float32Array.from(table.data), columns: table.dims[1]! },
    [straightOf({ ...call, inputs: [laid] }, 0)],
    call.name,
  );
  return [rowMajor(value, [...laid.dims, table.dims[1]!])];
};

const pad: Rule = (call) => {
  const { value, dims, axes } = laidOf(call, 0);
  const mode = textOf(call, "mode", "constant");
  const fill = call.inputs[2] === undefined ? 0 : scalarOf(call, 2);
  if (mode !== "constant" || fill !== 0) unsupported(call, `padding by ${mode === "constant" ? fill : mode}`, "pad with zeros");
  const pads = listOf(call, "pads", 1) ?? invalid(call, "no pads");
  if (pads.length !== 2 * dims.length) unsupported(call, "pads of some axes only", "give all");
  if (pads.some((x) => x < 0)) unsupported(call, "negative pads", "use Slice");
  if (pads.every((x) => x === 0)) return [laidOf(call, 0)];
  const on = (from: readonly number[]) =>
    value.shape.map((_, axis) => {
      const dim = axes.indexOf(axis);
      return dim < 0 ? 0 : from[dim]!;
    });
  if (dims.some((_, i) => axes[i]! < 0 && (pads[i] !== 0 || pads[i + dims.length] !== 0)))
    unsupported(call, "a padded batch", "pad images only");
  const [before, after] = [on(pads.slice(0, dims.length)), on(pads.slice(dims.length))];
  return [
    {
      value: call.builder.add({ kind: "pad", before, after }, [value], call.name),
      dims: dims.map((d, i) => d + pads[i]! + pads[i + dims.length]!),
      axes,
    },
  ];
};

const argmax: Rule = (call) => {
  const { dims } = laidOf(call, 0);
  if (axisOf(call, intOf(call, "axis", 0), dims.length) !== dims.length - 1)
    unsupported(call, "not over the last dimension", "transpose before");
  const value = call.builder.add({ kind: "argmax" }, [straightOf(call, 0)], call.name);
  return [rowMajor(value, intOf(call, "keepdims", 1) === 1 ? [...dims.slice(0, -1), 1] : dims.slice(0, -1))];
};

const shape: Rule = (call) => {
  const { dims } = laidOf(call, 0);
  const part = dims.slice(intOf(call, "start", 0), intOf(call, "end", dims.length));
  return [{ float: false, dims: [part.length], data: Float64Array.from(part) }];
};

export const SHAPES: Record<string, Rule> = {
  ArgMax: argmax,
  Concat: concat,
  Flatten: reshape(flattened),
  Gather: gather,
  Pad: pad,
  Reshape: reshape(reshapedTo),
  Shape: shape,
  Size: (call) => [{ float: false, dims: [], data: Float64Array.of(count(laidOf(call, 0).dims)) }],
  Slice: slice,
  Split: split,
  Squeeze: reshape(squeezed),
  Transpose: transpose,
  Unsqueeze: reshape(unsqueezed),
};
