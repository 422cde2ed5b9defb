import type { Descriptor } from "../shared/descriptor.ts";
import { rowsOf } from "../shared/operands.ts";
import type { Rmsnorm } from "./layer.ts";

export function planRmsnorm({ input: { shape }, multiplier, exponent, requantisation }: Rmsnorm): Descriptor {
  return { count: rowsOf(shape), channels: shape.at(-1)!, multiplierA: multiplier | 0, exponent, ...requantisation };
}
