import type { Descriptor } from "../shared/descriptor.ts";
import type { Layer } from "../shared/layer.ts";
import { rowsOf } from "../shared/operands.ts";

export function planArgmax({ input }: Layer): Descriptor {
  return { channels: input.shape.at(-1)!, count: rowsOf(input.shape) };
}
