/** A layer of Keras as its rule sees it: settings with their defaults, weights by name, and words for what cannot be. */
import { fail } from "../../errors.ts";
import { isLaid, type Known } from "../../onnx/call.ts";
import type { Constant } from "../../source/constant.ts";
import { activated } from "../activations.ts";
import { type Fields, fieldsOf, isFields, numberOf, numbersOf, textOf } from "../json.ts";
import type { At } from "../say.ts";
import type { Slide } from "../windows.ts";

export interface Layer extends At {
  type: string;
  config: Fields;
  inputs: readonly Known[];
  /** By the name that Keras gives it within the layer. */
  weight(name: string): Constant;
}

export type LayerRule = (layer: Layer) => Known;

export function unsupported({ name }: At, why: string, remedy: string): never {
  return fail("CONVERT_UNSUPPORTED", `${name}: ${why}: ${remedy}`);
}

export const what = ({ name }: At, key: string) => `${key} of ${name}`;
export const isSet = ({ config }: Layer, key: string) => config[key] !== undefined && config[key] !== null;
export const numberIn = (layer: Layer, key: string, otherwise: number): number =>
  isSet(layer, key) ? numberOf(layer.config[key], what(layer, key)) : otherwise;
const textIn = (layer: Layer, key: string, otherwise: string): string =>
  isSet(layer, key) ? textOf(layer.config[key], what(layer, key)) : otherwise;
export const flagIn = ({ config }: Layer, key: string, otherwise: boolean): boolean =>
  typeof config[key] === "boolean" ? config[key] : otherwise;

/** One number for all places, or one for each. */
export function placesIn(layer: Layer, key: string, places: number, otherwise: readonly number[]): number[] {
  const value = layer.config[key];
  if (!isSet(layer, key)) return [...otherwise];
  const given = typeof value === "number" ? Array(places).fill(value) : numbersOf(value, what(layer, key));
  return given.length === places ? given : fail("CONVERT_SOURCE_INVALID", `${what(layer, key)}: ${given.length} numbers for ${places}`);
}

export const inputOf = (layer: Layer): Known => layer.inputs[0] ?? fail("CONVERT_SOURCE_INVALID", `${layer.name}: it has no input`);

/** With the batch. */
export function dimsOf(x: Known, layer: Layer): readonly number[] {
  return isLaid(x) ? x.dims : fail("CONVERT_SOURCE_INVALID", `${layer.name}: its input does not depend on the model's`);
}

export const withActivation = (layer: Layer, x: Known): Known => activated(layer, x, activationIn(layer));

/** A name, or, from Keras 3 on, an object that names it. */
function activationIn(layer: Layer): string {
  const value = layer.config.activation;
  if (!isFields(value)) return textIn(layer, "activation", "linear");
  return typeof value.config === "string" ? value.config : textOf(value.class_name, what(layer, "activation"));
}

export const biasOf = (layer: Layer): Constant | undefined => (flagIn(layer, "use_bias", true) ? layer.weight("bias") : undefined);

/** Of a layer whose window has so many dimensions. */
export function slideOf(layer: Layer, places: number, strides: readonly number[] = Array(places).fill(1)): Slide {
  if (textIn(layer, "data_format", "channels_last") === "channels_first")
    unsupported(layer, "channels first", 'build the model with data_format "channels_last"');
  const padding = textIn(layer, "padding", "valid").toUpperCase();
  if (padding !== "SAME" && padding !== "VALID")
    return unsupported(layer, `padding ${padding.toLowerCase()}`, "pad with zeros by a layer before, or say same or valid");
  return {
    strides: placesIn(layer, "strides", places, strides),
    dilations: placesIn(layer, "dilation_rate", places, Array(places).fill(1)),
    padding,
  };
}

export const configOf = (entry: Fields, name: string): Fields => fieldsOf(entry.config, `config of ${name}`);
