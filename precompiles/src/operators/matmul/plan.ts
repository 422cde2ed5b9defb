import type { Descriptor } from "../shared/descriptor.ts";
import type { Matmul } from "./layer.ts";

export function planMatmul({ batch, m, k, n, transposed, multiplier, requantisation }: Matmul): Descriptor {
  return { batch, height: m, channels: k, outChannels: n, transposed: Number(transposed), multiplierA: multiplier, ...requantisation };
}
