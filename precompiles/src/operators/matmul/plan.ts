import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { roundUp } from "../shared/work.ts";
import type { Matmul } from "./layer.ts";

/** Rows for which a block of b is laid out once. */
const CHUNK_ROWS = 64;

/** Rows of a as patches of a 1 x 1 kernel. Scratch: a chunk of them, 8 columns of b, 8 multipliers and 8 biases. */
export function planMatmul({ batch, m, k, n, transposed, multiplier, requantisation }: Matmul, memory: PlanMemory): Descriptor {
  const [paddedK, chunkRows] = [roundUp(k, 8), Math.min(CHUNK_ROWS, roundUp(m, 4))];
  memory.scratch(2 * paddedK * (chunkRows + 8) + 64);
  const size = { batch, height: m, width: 1, channels: k, outHeight: m, outWidth: 1, outChannels: n, kernelY: 1, kernelX: 1 };
  const walk = { strideY: 1, strideX: 1, paddedK, chunkRows, transposed: Number(transposed) };
  return { ...size, ...walk, multiplierA: multiplier, ...requantisation };
}
