/** Every kernel: compiled once for a device, whatever models come. */
import { add, argmax, lut8, reshape } from "./elements.ts";
import { avgpool, depthwise, maxpool } from "./image.ts";
import { type ProductTile, product } from "./product.ts";

/** For many rows and columns; for at most 8 columns; for at most 16 rows. */
export const TILES = {
  product: { across: 16, down: 16 },
  productNarrow: { across: 2, down: 32 },
  productShort: { across: 16, down: 4 },
} satisfies Record<string, ProductTile>;

export const KERNELS = {
  product: product(TILES.product),
  productNarrow: product(TILES.productNarrow),
  productShort: product(TILES.productShort),
  depthwise,
  maxpool,
  avgpool,
  add,
  lut8,
  reshape,
  argmax,
};

export type KernelName = keyof typeof KERNELS;
