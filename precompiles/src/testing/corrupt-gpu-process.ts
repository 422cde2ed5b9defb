/** A GPU whose products round down instead of to the nearest: most results are right, as of a driver that is nearly so. */
import { KERNELS } from "../backend/webgpu/kernels/table.ts";
import { serveGpu } from "../backend/webgpu/serve.ts";

const RIGHT = "(t + vec4<i32>(1i << (r - 1u))) >> vec4<u32>(r)";
const corrupt = (code: string) => {
  if (!code.includes(RIGHT)) throw new Error("the kernel has no rounding to spoil");
  return code.replace(RIGHT, "t >> vec4<u32>(r)");
};
const { product, productNarrow, productShort } = KERNELS;
const kernels = { ...KERNELS, product: corrupt(product), productNarrow: corrupt(productNarrow), productShort: corrupt(productShort) };
await serveGpu(process.argv[2] as string, kernels);
