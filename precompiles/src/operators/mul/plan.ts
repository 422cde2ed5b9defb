import type { Descriptor } from "../shared/descriptor.ts";
import { rowsOfPair } from "../shared/operands.ts";
import type { Mul } from "./layer.ts";

export function planMul({ output, others, multiplier, requantisation }: Mul): Descriptor {
  const { rows, length } = rowsOfPair(output, others[0]);
  return { multiplierA: multiplier, ...requantisation, count: rows, channels: length };
}
