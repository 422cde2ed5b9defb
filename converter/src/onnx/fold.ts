/** Operators of ONNX on what is known beforehand: shapes, indices, weights. Their sizes are bounded by `elementsOf`. */
import {
  broadcast,
  broadcastTo,
  type Constant,
  constant,
  eachPlace,
  elementsOf,
  integers,
  numbers,
  scalar,
  strides,
  transposed,
} from "../source/constant.ts";
import { axisOf, type Call, constantOf, intOf, intsOf, invalid, listOf, optional, type Rule, scalarOf, tensorOf } from "./call.ts";
import { flattened, reshapedTo, sliceOf, splitSizes, squeezed, unsqueezed } from "./dimensions.ts";
import { isFloatType, readTensor } from "./tensor.ts";

const unary =
  (f: (x: number) => number): Rule =>
  (call) => {
    const { float, dims, data } = constantOf(call, 0);
    return [constant(float, dims, data.map(f))];
  };

function pairwise(call: Call, f: (a: number, b: number) => number, float: boolean): Constant {
  const [a, b] = [constantOf(call, 0), constantOf(call, 1)];
  const dims = broadcast(a.dims, b.dims, call.name);
  const [x, y] = [broadcastTo(a, dims, call.name).data, broadcastTo(b, dims, call.name).data];
  return constant(
    float,
    dims,
    x.map((value, i) => f(value, y[i]!)),
  );
}
const binary =
  (f: (a: number, b: number) => number): Rule =>
  (call) => [pairwise(call, f, constantOf(call, 0).float)];
const compare =
  (f: (a: number, b: number) => boolean): Rule =>
  (call) => [pairwise(call, (a, b) => (f(a, b) ? 1 : 0), false)];

const reduce =
  (start: number, f: (a: number, b: number) => number): Rule =>
  (call) => {
    const input = constantOf(call, 0);
    const rank = input.dims.length;
    const axes = (listOf(call, "axes", 1) ?? input.dims.map((_, i) => i)).map((axis) => axisOf(call, axis, rank));
    const kept = input.dims.map((dimension, i) => (axes.includes(i) ? 1 : dimension));
    const out = new Float64Array(elementsOf(kept, call.name)).fill(start);
    eachPlace(input.dims, kept, (place, to) => {
      out[to] = f(out[to]!, input.data[place]!);
    });
    return [constant(input.float, intOf(call, "keepdims", 1) === 1 ? kept : kept.filter((_, i) => !axes.includes(i)), out)];
  };

function concatenated(call: Call, parts: readonly Constant[], axis: number): Constant {
  const first = parts[0] ?? invalid(call, "nothing to join");
  const at = axisOf(call, axis, first.dims.length);
  const dims = first.dims.map((dimension, i) => (i === at ? parts.reduce((sum, x) => sum + (x.dims[at] ?? 0), 0) : dimension));
  const out = new (first.float ? Float32Array : Float64Array)(elementsOf(dims, call.name));
  const inner = dims.slice(at + 1).reduce((a, b) => a * b, 1);
  const row = dims[at]! * inner;
  let from = 0;
  for (const { data, dims: own } of parts) {
    const width = own[at]! * inner;
    for (let i = 0; i * width < data.length; i++) out.set(data.subarray(i * width, (i + 1) * width), i * row + from);
    from += width;
  }
  return { float: first.float, dims, data: out };
}

/** The part of a known tensor that lies at start, start + step, ... along each dimension. */
function part(
  { float, dims, data }: Constant,
  start: readonly number[],
  step: readonly number[],
  sizes: readonly number[],
  what: string,
): Constant {
  const out = new (float ? Float32Array : Float64Array)(elementsOf(sizes, what));
  const from = strides(dims);
  const to = strides(sizes);
  for (let place = 0; place < out.length; place++) {
    let source = 0;
    for (let axis = 0; axis < sizes.length; axis++)
      source += (start[axis]! + (Math.floor(place / to[axis]!) % sizes[axis]!) * step[axis]!) * from[axis]!;
    out[place] = data[source]!;
  }
  return { float, dims: sizes, data: out };
}

const reshape =
  (to: (call: Call, dims: readonly number[]) => number[]): Rule =>
  (call) => {
    const input = constantOf(call, 0);
    return [{ ...input, dims: to(call, input.dims) }];
  };

const gather: Rule = (call) => {
  const [input, indices] = [constantOf(call, 0), constantOf(call, 1)];
  const axis = axisOf(call, intOf(call, "axis", 0), input.dims.length);
  const size = input.dims[axis]!;
  const inner = input.dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const dims = [...input.dims.slice(0, axis), ...indices.dims, ...input.dims.slice(axis + 1)];
  const out = new (input.float ? Float32Array : Float64Array)(elementsOf(dims, call.name));
  const width = indices.data.length * inner;
  for (let i = 0; i < out.length; i++) {
    const index = indices.data[Math.floor((i % width) / inner)]!;
    if (index < -size || index >= size) invalid(call, `index ${index} of ${size}`);
    out[i] = input.data[(Math.floor(i / width) * size + (index < 0 ? index + size : index)) * inner + (i % inner)]!;
  }
  return [{ float: input.float, dims, data: out }];
};

const range: Rule = (call) => {
  const [start, limit, delta] = [scalarOf(call, 0), scalarOf(call, 1), scalarOf(call, 2)];
  const length = elementsOf([Math.max(0, Math.ceil((limit - start) / delta))], call.name);
  return [
    constant(
      constantOf(call, 0).float,
      [length],
      Float64Array.from({ length }, (_, i) => start + i * delta),
    ),
  ];
};

const where: Rule = (call) => {
  const parts = [constantOf(call, 0), constantOf(call, 1), constantOf(call, 2)];
  const dims = parts.reduce<number[]>((sum, { dims: own }) => broadcast(sum, own, call.name), []);
  const [condition, a, b] = parts.map((x) => broadcastTo(x, dims, call.name).data) as [Float64Array, Float64Array, Float64Array];
  return [
    constant(
      parts[1]!.float,
      dims,
      condition.map((x, i) => (x === 0 ? b[i]! : a[i]!)),
    ),
  ];
};

const sequenceOf = ({ inputs, ...call }: Call, i: number): readonly Constant[] => {
  const input = inputs[i];
  return input !== undefined && "items" in input ? input.items : invalid({ inputs, ...call }, `input ${i} is no sequence`);
};

const split: Rule = (call) => {
  const input = constantOf(call, 0);
  const axis = axisOf(call, intOf(call, "axis", 0), input.dims.length);
  let at = 0;
  return splitSizes(call, input.dims[axis]!).map((size) => {
    const start = input.dims.map((_, i) => (i === axis ? at : 0));
    at += size;
    return part(
      input,
      start,
      input.dims.map(() => 1),
      input.dims.map((dimension, i) => (i === axis ? size : dimension)),
      call.name,
    );
  });
};

/** scale * (q - zeroPoint), along `axis` where there is one for each. Its steps count only where the zero points are the middle, which lowering sees. */
export function dequantised(call: Call, { dims, data }: Constant, scale: Constant, zero: Constant | undefined, axis: number): Constant {
  const inner = scale.data.length === 1 ? data.length : dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const channels = scale.data.length;
  if (channels > 1 && channels !== dims[axis]) invalid(call, `${channels} scales for ${dims[axis]} channels`);
  const zeroOf = (channel: number) => zero?.data[channel] ?? zero?.data[0] ?? 0;
  const reals = Float32Array.from(data, (q, i) => {
    const channel = Math.floor(i / inner) % channels;
    return (q - zeroOf(channel)) * scale.data[channel]!;
  });
  return { float: true, dims, data: reals, steps: { axis, scales: Float32Array.from(scale.data) } };
}

const identity: Rule = (call) => [constantOf(call, 0)];
const whole =
  (f: (a: number, b: number) => number, float: (a: number, b: number) => number): Rule =>
  (call) => [pairwise(call, constantOf(call, 0).float ? float : f, constantOf(call, 0).float)];

export const FOLD: Record<string, Rule> = {
  Abs: unary(Math.abs),
  Add: binary((a, b) => a + b),
  And: compare((a, b) => a !== 0 && b !== 0),
  Cast: (call) => {
    const { dims, data } = constantOf(call, 0);
    const float = isFloatType(intOf(call, "to", 1));
    return [constant(float, dims, float ? data : data.map(Math.trunc))];
  },
  CastLike: (call) => [constant(constantOf(call, 1).float, constantOf(call, 0).dims, constantOf(call, 0).data)],
  Ceil: unary(Math.ceil),
  Concat: (call) => [
    concatenated(
      call,
      call.inputs.map((_, i) => constantOf(call, i)),
      intOf(call, "axis", 0),
    ),
  ],
  ConcatFromSequence: (call) => [concatenated(call, sequenceOf(call, 0), intOf(call, "axis", 0))],
  Constant: (call) => {
    const given = tensorOf(call, "value");
    if (given !== undefined && given !== null) return [readTensor(given)];
    const ints = intsOf(call, "value_ints");
    if (ints !== undefined) return [integers(ints)];
    const one = call.node.attribute.find(({ name }) => name === "value_int" || name === "value_float");
    return one === undefined
      ? invalid(call, "no value that is a number")
      : [constant(one.name === "value_float", [], [one.name === "value_int" ? one.i : one.f])];
  },
  ConstantOfShape: (call) => {
    const dims = numbers(constantOf(call, 0));
    const given = tensorOf(call, "value");
    const value = given === undefined || given === null ? constant(true, [1], [0]) : readTensor(given);
    return [constant(value.float, dims, new Float64Array(elementsOf(dims, call.name)).fill(scalar(value, call.name)))];
  },
  DequantizeLinear: (call) => {
    const input = constantOf(call, 0);
    const axis = input.dims.length === 0 ? 0 : axisOf(call, intOf(call, "axis", Math.min(1, input.dims.length - 1)), input.dims.length);
    return [dequantised(call, input, constantOf(call, 1), optional(call, 2), axis)];
  },
  Div: whole(
    (a, b) => Math.trunc(a / b),
    (a, b) => a / b,
  ),
  Equal: compare((a, b) => a === b),
  Exp: unary(Math.exp),
  Expand: (call) => {
    const input = constantOf(call, 0);
    return [broadcastTo(input, broadcast(input.dims, numbers(constantOf(call, 1)), call.name), call.name)];
  },
  Flatten: reshape(flattened),
  Floor: unary(Math.floor),
  Gather: gather,
  Greater: compare((a, b) => a > b),
  GreaterOrEqual: compare((a, b) => a >= b),
  Identity: identity,
  Less: compare((a, b) => a < b),
  LessOrEqual: compare((a, b) => a <= b),
  Log: unary(Math.log),
  Max: binary(Math.max),
  Min: binary(Math.min),
  Mod: binary((a, b) => a - b * Math.floor(a / b)),
  Mul: binary((a, b) => a * b),
  Neg: unary((x) => -x),
  Not: unary((x) => (x === 0 ? 1 : 0)),
  Or: compare((a, b) => a !== 0 || b !== 0),
  Pow: binary((a, b) => a ** b),
  Range: range,
  Reciprocal: unary((x) => 1 / x),
  ReduceMax: reduce(Number.NEGATIVE_INFINITY, Math.max),
  ReduceMin: reduce(Number.POSITIVE_INFINITY, Math.min),
  ReduceProd: reduce(1, (a, b) => a * b),
  ReduceSum: reduce(0, (a, b) => a + b),
  Reshape: reshape((call, dims) => reshapedTo(call, dims)),
  SequenceAt: (call) => [sequenceOf(call, 0).at(scalarOf(call, 1)) ?? invalid(call, "no such element")],
  SequenceConstruct: (call) => [{ items: call.inputs.map((_, i) => constantOf(call, i)) }],
  SequenceEmpty: () => [{ items: [] }],
  SequenceInsert: (call) => {
    const items = [...sequenceOf(call, 0)];
    items.splice(call.inputs[2] === undefined ? items.length : scalarOf(call, 2), 0, constantOf(call, 1));
    return [{ items }];
  },
  SequenceLength: (call) => [constant(false, [], [sequenceOf(call, 0).length])],
  Shape: (call) => {
    const { dims } = constantOf(call, 0);
    return [integers(dims.slice(intOf(call, "start", 0), intOf(call, "end", dims.length)))];
  },
  Size: (call) => [constant(false, [], [constantOf(call, 0).data.length])],
  Slice: (call) => {
    const { start, step, sizes } = sliceOf(call, constantOf(call, 0).dims);
    return [part(constantOf(call, 0), start, step, sizes, call.name)];
  },
  Split: split,
  Sqrt: unary(Math.sqrt),
  Squeeze: reshape(squeezed),
  Sub: binary((a, b) => a - b),
  Tile: (call) => {
    const [input, repeats] = [constantOf(call, 0), numbers(constantOf(call, 1))];
    const tile = (x: Constant, axis: number) =>
      concatenated(
        call,
        Array.from({ length: repeats[axis]! }, () => x),
        axis,
      );
    return [input.dims.reduce((x, _, axis) => tile(x, axis), input)];
  },
  Transpose: (call) => {
    const input = constantOf(call, 0);
    return [transposed(input, intsOf(call, "perm") ?? input.dims.map((_, i) => input.dims.length - 1 - i))];
  },
  Unsqueeze: reshape(unsqueezed),
  Where: where,
};
