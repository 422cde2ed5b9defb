/** A GPU with corrupt kernels, as node/src/workers/webgpu.ts. */
import { serveGpu } from "../backend/webgpu/serve.ts";
import { corruptKernels } from "./corrupt-kernels.ts";

await serveGpu(process.argv[2] as string, corruptKernels());
