/** Kernels whose products round down instead of to the nearest: most results are right, as of a driver that is nearly so. */
import type { Kernels } from "../backend/webgpu/engine.ts";
import { KERNELS } from "../backend/webgpu/kernels/table.ts";

const RIGHT = "(t + vec4<i32>(1i << (r - 1u))) >> vec4<u32>(r)";

export function corruptKernels(): Kernels {
  const { product, productNarrow, productShort } = KERNELS;
  return { ...KERNELS, product: corrupt(product), productNarrow: corrupt(productNarrow), productShort: corrupt(productShort) };
}

function corrupt(code: string): string {
  if (!code.includes(RIGHT)) throw new Error("the kernel has no rounding to spoil");
  return code.replace(RIGHT, "t >> vec4<u32>(r)");
}
