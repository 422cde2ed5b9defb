import { elements } from "../../format/types.ts";
import type { Descriptor } from "../shared/descriptor.ts";
import type { Layer } from "../shared/layer.ts";

export function planReshape({ output }: Layer): Descriptor {
  return { count: elements(output.shape) };
}
