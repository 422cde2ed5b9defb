import { count, isRow, NO_CLAMP, type Op, sameShape, type Value } from "../../ir/graph.ts";
import { broadcast, broadcastTo, type Constant } from "../../source/constant.ts";
import { FUNCTIONS } from "../../source/functions.ts";
import { arranged, type Laid, like, orderOf, rowMajor, straight } from "../../source/laid.ts";
import {
  type Call,
  constantOf,
  floatOf,
  imageLaid,
  imageOf,
  isConstant,
  isLaid,
  type Known,
  laidOf,
  optional,
  type Rule,
  textOf,
  unsupported,
} from "../call.ts";

/** An operator on one tensor that moves nothing. */
function onEach(call: Call, op: Op): Known[] {
  const laid = laidOf(call, 0);
  return [like(laid, call.builder.add(op, [laid.value], call.name))];
}

const unary =
  (name: string, apply: (call: Call) => (x: number) => number): Rule =>
  (call) =>
    onEach(call, { kind: "unary", function: name, apply: apply(call) });
const named = (name: string): Rule => unary(name, () => FUNCTIONS[name]!);
const clampTo = (lo: number, hi: number): Op => ({ kind: "clamp", clamp: { lo, hi } });

const clip: Rule = (call) => {
  const bound = (name: string, i: number, otherwise: number) => optional(call, i)?.data[0] ?? floatOf(call, name, otherwise);
  return onEach(call, clampTo(bound("min", 1, Number.NEGATIVE_INFINITY), bound("max", 2, Number.POSITIVE_INFINITY)));
};

/** x * scale + shift, both known: one number, one for each channel, or one for each element. */
function affine(call: Call, laid: Laid, scale: Constant, shift: Constant): Known[] {
  const { builder, name } = call;
  const dims = [scale, shift].reduce<readonly number[]>((sum, x) => broadcast(sum, x.dims, name), laid.dims);
  if (!sameShape(dims, laid.dims)) unsupported(call, `[${laid.dims}] would be repeated to [${dims}]`, "repeat what is constant instead");
  const own = broadcast(scale.dims, shift.dims, name);
  const wide = own.flatMap((dimension, i) => (dimension === 1 ? [] : [i + dims.length - own.length]));
  const add = (value: Value, of: readonly number[]) =>
    builder.add(
      {
        kind: "affine",
        scale: Float32Array.from(broadcastTo(scale, of, name).data),
        shift: Float32Array.from(broadcastTo(shift, of, name).data),
      },
      [value],
      name,
    );
  const last = laid.value.shape.length - 1;
  const spread = (x: Constant, n: number): Constant => ({
    ...x,
    dims: [n],
    data: x.data.length === 1 ? new Float32Array(n).fill(x.data[0]!) : x.data,
  });
  const channels = (value: Value) => {
    const n = value.shape.at(-1)!;
    return builder.add(
      { kind: "affine", scale: spread(scale, n).data as Float32Array, shift: spread(shift, n).data as Float32Array },
      [value],
      name,
    );
  };
  if (wide.length === 0 || (wide.length === 1 && laid.axes[wide[0]!] === last)) return [like(laid, channels(laid.value))];
  if (wide.join() === "1" && (dims.length === 3 || dims.length === 4))
    return [imageLaid(channels(imageOf({ ...call, inputs: [laid] }, 0)), dims.length)];
  const value = straight(builder, laid, name);
  const flat = add(builder.reshape(value, [count(value.shape)], name), dims);
  return [rowMajor(builder.reshape(flat, value.shape, name), dims)];
}

const one = (x: number): Constant => ({ float: true, dims: [], data: Float32Array.of(x) });
const mapped = (x: Constant, f: (x: number) => number): Constant => ({ float: true, dims: x.dims, data: Float32Array.from(x.data, f) });

/** Of two results: same order, the smaller one a row of the other. */
function pairOf(call: Call, kind: "add" | "multiply", a: Laid, b: Laid): Known[] {
  const { builder, name } = call;
  const [wide, narrow] =
    a.dims.length > b.dims.length || (a.dims.length === b.dims.length && count(a.dims) >= count(b.dims)) ? [a, b] : [b, a];
  if (!sameShape(broadcast(wide.dims, narrow.dims, name), wide.dims))
    unsupported(call, `[${a.dims}] and [${b.dims}] repeat each other`, "give one of them the whole shape");
  const missing = wide.dims.length - narrow.dims.length;
  const full: Laid = {
    value: narrow.value,
    dims: [...Array(missing).fill(1), ...narrow.dims],
    axes: [...Array(missing).fill(-1), ...narrow.axes],
  };
  const target = wide.value.shape.map((_, axis) => full.dims[wide.axes.indexOf(axis)] ?? 1);
  const other = builder.reshape(arranged(builder, full, orderOf(wide), name), target, name);
  if (!sameShape(other.shape, wide.value.shape) && !isRow(other.shape, wide.value.shape))
    return unsupported(
      call,
      `[${b.dims}] is repeated over [${a.dims}]`,
      "only one row for all rows, or one number for each channel, can be repeated",
    );
  return [like(wide, builder.add({ kind, clamp: NO_CLAMP }, [wide.value, other], name))];
}

/** Add, Sub, Mul, Div of results and of what is known. */
export const arithmetic =
  (sign: "+" | "-" | "*" | "/"): Rule =>
  (call) => {
    const [a, b] = call.inputs;
    if (isLaid(a) && isLaid(b)) {
      if (sign === "+" || sign === "*") return pairOf(call, sign === "+" ? "add" : "multiply", a, b);
      if (sign === "-") return pairOf(call, "add", a, affine(call, b, one(-1), one(0))[0] as Laid);
      const inverse = like(b, call.builder.add({ kind: "unary", function: "reciprocal", apply: (x) => 1 / x }, [b.value], call.name));
      return pairOf(call, "multiply", a, inverse);
    }
    const [laid, known] = isLaid(a) ? [a, constantOf(call, 1)] : [laidOf(call, 1), constantOf(call, 0)];
    if (sign === "+") return affine(call, laid, one(1), known);
    if (sign === "*") return affine(call, laid, known, one(0));
    if (sign === "-")
      return isConstant(b)
        ? affine(
            call,
            laid,
            one(1),
            mapped(known, (x) => -x),
          )
        : affine(call, laid, one(-1), known);
    if (isConstant(b))
      return affine(
        call,
        laid,
        mapped(known, (x) => 1 / x),
        one(0),
      );
    const inverse = call.builder.add({ kind: "unary", function: "reciprocal", apply: (x) => 1 / x }, [laid.value], call.name);
    return affine(call, like(laid, inverse), known, one(0));
  };

const power: Rule = (call) => {
  const [exponent] = constantOf(call, 1).data;
  if (constantOf(call, 1).data.length !== 1) unsupported(call, "an exponent for each element", "use one for all");
  return onEach(call, { kind: "unary", function: `power ${exponent}`, apply: (x) => x ** exponent! });
};

const extreme =
  (largest: boolean): Rule =>
  (call) => {
    const known = isConstant(call.inputs[1]) ? call.inputs[1] : unsupported(call, "of two results", "compare with a number");
    if (known.data.length !== 1) unsupported(call, "a bound for each element", "use one for all");
    const bound = known.data[0]!;
    return onEach(call, largest ? clampTo(bound, NO_CLAMP.hi) : clampTo(NO_CLAMP.lo, bound));
  };

const slope = (call: Call) => floatOf(call, "alpha", 0.01);
const prelu: Rule = (call) => {
  const { data } = constantOf(call, 1);
  const alpha = data[0]!;
  if (data.some((x) => x !== alpha)) return unsupported(call, "a slope for each channel", "use LeakyRelu, or one slope for all");
  return onEach(call, { kind: "unary", function: "leakyRelu", apply: (x) => (x < 0 ? alpha * x : x) });
};
const keep: Rule = (call) => [laidOf(call, 0)];

export const ELEMENTWISE: Record<string, Rule> = {
  Abs: named("abs"),
  Add: arithmetic("+"),
  Cast: keep,
  Ceil: named("ceil"),
  Clip: clip,
  Div: arithmetic("/"),
  Dropout: keep,
  Elu: unary("elu", (call) => {
    const alpha = floatOf(call, "alpha", 1);
    return (x) => (x < 0 ? alpha * Math.expm1(x) : x);
  }),
  Erf: named("erf"),
  Exp: named("exp"),
  Floor: named("floor"),
  Gelu: (call) =>
    onEach(call, {
      kind: "unary",
      function: "gelu",
      apply: FUNCTIONS[textOf(call, "approximate", "none") === "tanh" ? "geluTanh" : "gelu"]!,
    }),
  HardSigmoid: unary("hardSigmoid", (call) => {
    const [alpha, beta] = [floatOf(call, "alpha", 0.2), floatOf(call, "beta", 0.5)];
    return (x) => Math.max(0, Math.min(1, alpha * x + beta));
  }),
  HardSwish: named("hardSwish"),
  Identity: keep,
  LeakyRelu: unary("leakyRelu", (call) => {
    const alpha = slope(call);
    return (x) => (x < 0 ? alpha * x : x);
  }),
  Log: named("log"),
  Max: extreme(true),
  Min: extreme(false),
  Mish: named("mish"),
  Mul: arithmetic("*"),
  Neg: (call) => affine(call, laidOf(call, 0), one(-1), one(0)),
  PRelu: prelu,
  Pow: power,
  Reciprocal: named("reciprocal"),
  Relu: (call) => onEach(call, clampTo(0, NO_CLAMP.hi)),
  Round: named("round"),
  Selu: unary("selu", (call) => {
    const [alpha, gamma] = [floatOf(call, "alpha", 1.6732632423543772), floatOf(call, "gamma", 1.0507009873554805)];
    return (x) => gamma * (x < 0 ? alpha * Math.expm1(x) : x);
  }),
  Sigmoid: named("sigmoid"),
  Softplus: named("softplus"),
  Softsign: named("softsign"),
  Sqrt: named("sqrt"),
  Sub: arithmetic("-"),
  Tanh: named("tanh"),
};
