/** Layers that move elements, join results or do nothing once a model is trained. */
import { fail } from "../../errors.ts";
import type { Known } from "../../onnx/call.ts";
import { constant, integers } from "../../source/constant.ts";
import { listOf, numberOf, numbersOf } from "../json.ts";
import { say } from "../say.ts";
import { dimsOf, inputOf, type Layer, type LayerRule, numberIn, slideOf, what } from "./layer.ts";

/** One number, one for each side, or a pair for each of the dimensions: before and after. */
function sides(layer: Layer, key: string, places: number): [number[], number[]] {
  const value = layer.config[key] ?? 1;
  const each = typeof value === "number" ? Array(places).fill(value) : places === 1 ? [value] : listOf(value, what(layer, key));
  const pairs = each.map((x) => (typeof x === "number" ? [x, x] : numbersOf(x, what(layer, key))));
  if (pairs.length !== places || pairs.some((x) => x.length !== 2))
    fail("CONVERT_SOURCE_INVALID", `${what(layer, key)}: two numbers for each of ${places} dimensions are expected`);
  return [pairs.map(([before]) => before!), pairs.map(([, after]) => after!)];
}

const zeroPadding =
  (places: number): LayerRule =>
  (layer) => {
    slideOf({ ...layer, config: { data_format: layer.config.data_format } }, places);
    const [before, after] = sides(layer, "padding", places);
    return say(layer, "Pad", [inputOf(layer)], { pads: [0, ...before, 0, 0, ...after, 0] });
  };

const cropping =
  (places: number): LayerRule =>
  (layer) => {
    const x = inputOf(layer);
    const dims = dimsOf(x, layer);
    const [starts, after] = sides(layer, "cropping", places);
    const ends = after.map((cut, i) => dims[i + 1]! - cut);
    return say(layer, "Slice", [x], { starts, ends, axes: starts.map((_, i) => i + 1) });
  };

const reshape: LayerRule = (layer) =>
  say(layer, "Reshape", [inputOf(layer), integers([1, ...numbersOf(layer.config.target_shape, what(layer, "target_shape"))])]);

const permute: LayerRule = (layer) =>
  say(layer, "Transpose", [inputOf(layer)], { perm: [0, ...numbersOf(layer.config.dims, what(layer, "dims"))] });

const joined =
  (opType: string): LayerRule =>
  (layer) =>
    layer.inputs.slice(1).reduce<Known>((sum, x) => say(layer, opType, [sum, x]), inputOf(layer));

const average: LayerRule = (layer) => say(layer, "Mul", [joined("Add")(layer), constant(true, [], [1 / layer.inputs.length])]);

const concatenate: LayerRule = (layer) =>
  layer.inputs.length === 1
    ? inputOf(layer)
    : say(layer, "Concat", layer.inputs, { axis: numberOf(numberIn(layer, "axis", -1), what(layer, "axis")) });

export const MOVES: Record<string, LayerRule> = {
  ActivityRegularization: inputOf,
  Add: joined("Add"),
  AlphaDropout: inputOf,
  Average: average,
  Concatenate: concatenate,
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  Dropout: inputOf,
  Flatten: (layer) => say(layer, "Flatten", [inputOf(layer)], { axis: 1 }),
  GaussianDropout: inputOf,
  GaussianNoise: inputOf,
  Multiply: joined("Mul"),
  Permute: permute,
  Reshape: reshape,
  SpatialDropout1D: inputOf,
  SpatialDropout2D: inputOf,
  Subtract: joined("Sub"),
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
};
