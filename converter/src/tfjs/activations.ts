/** Functions that Keras and TensorFlow put after an operator, by their names in either. */
import { fail } from "../errors.ts";
import type { Known } from "../onnx/call.ts";
import { constant } from "../source/constant.ts";
import { type At, say } from "./say.ts";

type Activation = (at: At, x: Known) => Known;

const named =
  (opType: string, attributes = {}): Activation =>
  (at, x) =>
    say(at, opType, [x], attributes);

const number = (x: number) => constant(true, [], [x]);
export const clipped = (at: At, x: Known, lo: number | undefined, hi: number | undefined): Known =>
  say(at, "Clip", [x, lo === undefined ? undefined : number(lo), hi === undefined ? undefined : number(hi)]);

const swish: Activation = (at, x) => say(at, "Mul", [x, say(at, "Sigmoid", [x])]);

/** Lower case, without underscores. */
const ACTIVATIONS: Record<string, Activation> = {
  elu: named("Elu"),
  exp: named("Exp"),
  exponential: named("Exp"),
  gelu: named("Gelu"),
  hardsigmoid: named("HardSigmoid", { alpha: 0.2, beta: 0.5 }),
  leakyrelu: named("LeakyRelu", { alpha: 0.2 }),
  linear: (_, x) => x,
  mish: named("Mish"),
  relu: named("Relu"),
  relu6: (at, x) => clipped(at, x, 0, 6),
  selu: named("Selu"),
  sigmoid: named("Sigmoid"),
  silu: swish,
  softmax: named("Softmax", { axis: -1 }),
  softplus: named("Softplus"),
  softsign: named("Softsign"),
  swish,
  tanh: named("Tanh"),
};

const key = (name: string) => name.toLowerCase().replaceAll("_", "");
const isActivation = (name: string): boolean => Object.hasOwn(ACTIVATIONS, key(name));

export function activated(at: At, x: Known, name: string): Known {
  if (!isActivation(name))
    fail(
      "CONVERT_UNSUPPORTED",
      `${at.name}: the activation ${name} has no integer form here: train with relu, swish, sigmoid or another that docs/models.md lists`,
    );
  return ACTIVATIONS[key(name)]!(at, x);
}
