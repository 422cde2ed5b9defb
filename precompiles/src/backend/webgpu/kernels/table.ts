/** Every kernel: compiled once for a device, whatever models come. */
import { add, gather, lut8, matmul, move, mul, reshape } from "./elements.ts";
import { avgpool, depthwise, maxpool } from "./image.ts";
import { type ProductTile, product } from "./product.ts";
import { argmax, layernorm, rmsnorm, softmax, topk } from "./rows.ts";

/** For many rows and columns; for at most 8 columns; for at most 16 rows. */
export const TILES = {
  product: { across: 16, down: 16 },
  productNarrow: { across: 2, down: 32 },
  productShort: { across: 16, down: 4 },
} satisfies Record<string, ProductTile>;

const tiles = { product: product(TILES.product), productNarrow: product(TILES.productNarrow), productShort: product(TILES.productShort) };
/** By what an invocation makes, or a workgroup. */
const words = { depthwise, maxpool, avgpool, add, mul, lut8, reshape, gather, move, matmul };
const rows = { argmax, topk };
const groupRows = { softmax, layernorm, rmsnorm };

export const KERNELS = { ...tiles, ...words, ...rows, ...groupRows };
export type KernelName = keyof typeof KERNELS;

/** Invocations of a workgroup. */
const GROUP = 64;

/** Workgroups for so many rows, each of so many words. */
export function groupsOf(kernel: KernelName, rowCount: number, wordCount: number): number {
  if (kernel in groupRows) return rowCount;
  return Math.ceil((kernel in rows ? rowCount : rowCount * wordCount) / GROUP);
}
