/** Models with random shapes, attributes, weights and inputs, extremes included; the same seed gives the same model. */
import type { Bytes } from "@noema/core/bytes";
import { elements } from "../format/types.ts";
import { createModelBuilder } from "../model/model-builder.ts";
import type { OperatorName } from "../operators/table.ts";
import { type Draw, int8s, int32, once, oneOf } from "./draw.ts";
import { logits, RANDOM_OPERATORS } from "./random-operators.ts";
import { int8Weight, type Making, type Value } from "./random-parts.ts";

export const OPERATOR_NAMES = Object.keys(RANDOM_OPERATORS) as OperatorName[];

/** Activations grow no further: judges are slow. */
const MAX_ELEMENTS = 20_000;

export interface RandomModel {
  file: Bytes;
  input: Bytes;
}

const SHAPES: readonly ((draw: Draw) => number[])[] = [
  (draw) => [draw(1, 300)],
  (draw) => [draw(1, 9), draw(1, 300)],
  (draw) => [draw(1, 11), draw(1, 11), draw(1, 37)],
  (draw) => [draw(1, 3), draw(1, 6), draw(1, 6), draw(1, 20)],
];

/** An operator alone, but for what makes its second input. */
export function randomOperator(name: OperatorName, draw: Draw): RandomModel {
  const { fits = () => true, add } = RANDOM_OPERATORS[name];
  const shapes = SHAPES.map((shape) => shape(draw)).filter((shape) => fits({ index: 0, shape, zeroPoint: 0 }));
  const x = { index: 0, shape: oneOf(draw, shapes), zeroPoint: draw(-128, 127) };
  const builder = createModelBuilder(x.shape, x.zeroPoint);
  const making = { builder, draw, values: [x], weights: [] };
  const y = name === "DENSE" && once(draw, 4) ? logits(making, x) : add(making, x);
  return { file: builder.build(y.index), input: bytesOf(int8s(draw, elements(x.shape))) };
}

/** Several operators, each on any activation before it, so that some are read twice and some never; the last may give int32. */
export function randomGraph(draw: Draw): RandomModel {
  const started = once(draw, 4) ? fromIndices(draw) : fromInt8(draw);
  const { making, input } = started;
  const values: Value[] = [started.x];
  for (let n = draw(2, 12); n > 0; n--) {
    const from = once(draw, 3) ? oneOf(draw, values) : values.at(-1)!;
    const fitting = OPERATOR_NAMES.filter((name) => RANDOM_OPERATORS[name].last !== true && (RANDOM_OPERATORS[name].fits?.(from) ?? true));
    const y = RANDOM_OPERATORS[oneOf(draw, fitting)].add({ ...making, values }, from);
    if (elements(y.shape) <= MAX_ELEMENTS) values.push(y);
  }
  const final = oneOf(draw, [RANDOM_OPERATORS.ARGMAX.add, RANDOM_OPERATORS.TOPK.add, logits]);
  const y = once(draw, 3) || values.length === 1 ? final({ ...making, values }, values.at(-1)!) : values.at(-1)!;
  return { file: making.builder.build(y.index), input };
}

type Started = { making: Omit<Making, "values">; x: Value; input: Bytes };

function fromInt8(draw: Draw): Started {
  const shape = once(draw, 3) ? oneOf(draw, SHAPES)(draw) : [draw(1, 9), draw(1, 9), draw(1, 20)];
  const x = { index: 0, shape, zeroPoint: draw(-128, 127) };
  return {
    making: { builder: createModelBuilder(shape, x.zeroPoint), draw, weights: [] },
    x,
    input: bytesOf(int8s(draw, elements(shape))),
  };
}

/** Int32 input that a table turns into an activation; some indices lie outside it. */
function fromIndices(draw: Draw): Started {
  const [length, rows, width] = [draw(1, 12), draw(1, 40), draw(1, 24)];
  const making = { builder: createModelBuilder([length], 0, "int32"), draw, weights: [] };
  const y = { shape: [length, width], zeroPoint: draw(-128, 127) };
  const index = making.builder.add("GATHER", [0, int8Weight({ ...making, values: [] }, [rows, width])], y);
  const input = new Uint8Array(4 * length);
  for (let i = 0; i < length; i++) new DataView(input.buffer).setInt32(4 * i, once(draw, 5) ? int32(draw) : draw(-1, rows));
  return { making, x: { ...y, index }, input };
}

function bytesOf(values: Int8Array): Bytes {
  return new Uint8Array(values.buffer);
}
