/** Functions of each element, and norms. */
import { constant } from "../../source/constant.ts";
import { clipped } from "../activations.ts";
import { say } from "../say.ts";
import { batchNorm } from "../windows.ts";
import { dimsOf, flagIn, inputOf, isSet, type Layer, type LayerRule, numberIn, unsupported, withActivation } from "./layer.ts";

const number = (x: number) => constant(true, [], [x]);

/** min(max_value, max(0, x)), or negative_slope * x below 0. */
const relu: LayerRule = (layer) => {
  const slope = numberIn(layer, "negative_slope", 0);
  const top = isSet(layer, "max_value") ? numberIn(layer, "max_value", 0) : undefined;
  if (numberIn(layer, "threshold", 0) !== 0) unsupported(layer, "a rectifier with a threshold", "train with one at 0");
  if (slope === 0) return clipped(layer, inputOf(layer), 0, top);
  const leaky = say(layer, "LeakyRelu", [inputOf(layer)], { alpha: slope });
  return top === undefined ? leaky : clipped(layer, leaky, undefined, top);
};

/** Keras 3 calls it negative_slope. */
const leakyRelu: LayerRule = (layer) =>
  say(layer, "LeakyRelu", [inputOf(layer)], { alpha: numberIn(layer, "alpha", numberIn(layer, "negative_slope", 0.3)) });

const batch: LayerRule = (layer) => {
  const rank = lastAxis(layer);
  const scale = flagIn(layer, "scale", true) ? layer.weight("gamma") : undefined;
  const shift = flagIn(layer, "center", true) ? layer.weight("beta") : undefined;
  const means = [layer.weight("moving_mean"), layer.weight("moving_variance")] as const;
  return batchNorm(layer, inputOf(layer), rank, [scale, shift, ...means], numberIn(layer, "epsilon", 1e-3));
};

/** The rank, of a layer that works on the last dimension. */
function lastAxis(layer: Layer): number {
  const rank = dimsOf(inputOf(layer), layer).length;
  const given = layer.config.axis;
  const axis = Array.isArray(given) && given.length === 1 ? given[0] : (given ?? -1);
  return axis === -1 || axis === rank - 1 ? rank : unsupported(layer, `over dimension ${axis} of ${rank}`, "build the model with axis -1");
}

const layerNorm: LayerRule = (layer) => {
  lastAxis(layer);
  const width = dimsOf(inputOf(layer), layer).at(-1)!;
  const all = (value: number) => constant(true, [width], Array(width).fill(value));
  const scale = flagIn(layer, "scale", true) ? layer.weight("gamma") : all(1);
  const shift = flagIn(layer, "center", true) ? layer.weight("beta") : all(0);
  return say(layer, "LayerNormalization", [inputOf(layer), scale, shift], { axis: -1, epsilon: numberIn(layer, "epsilon", 1e-3) });
};

const rescaling: LayerRule = (layer) =>
  say(layer, "Add", [say(layer, "Mul", [inputOf(layer), number(numberIn(layer, "scale", 1))]), number(numberIn(layer, "offset", 0))]);

export const FUNCTIONS: Record<string, LayerRule> = {
  Activation: (layer) => withActivation(layer, inputOf(layer)),
  BatchNormalization: batch,
  ELU: (layer) => say(layer, "Elu", [inputOf(layer)], { alpha: numberIn(layer, "alpha", 1) }),
  LayerNormalization: layerNorm,
  LeakyReLU: leakyRelu,
  PReLU: (layer) => say(layer, "PRelu", [inputOf(layer), layer.weight("alpha")]),
  ReLU: relu,
  Rescaling: rescaling,
  Softmax: (layer) => say(layer, "Softmax", [inputOf(layer)], { axis: numberIn(layer, "axis", -1) }),
};
