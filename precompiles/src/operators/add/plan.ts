import { elements } from "../../format/types.ts";
import type { Descriptor } from "../shared/descriptor.ts";
import type { Add } from "./layer.ts";

export function planAdd({ output, multiplierA, multiplierB, requantisation }: Add): Descriptor {
  return { multiplierA, multiplierB, ...requantisation, count: elements(output.shape) };
}
