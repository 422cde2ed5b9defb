import type { Descriptor } from "../shared/descriptor.ts";
import { rowsOfPair } from "../shared/operands.ts";
import type { Add } from "./layer.ts";

export function planAdd({ output, others, multiplierA, multiplierB, requantisation }: Add): Descriptor {
  const { rows, length } = rowsOfPair(output, others[0]);
  return { multiplierA, multiplierB, ...requantisation, count: rows, channels: length };
}
