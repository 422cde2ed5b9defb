/** As node/src/workers/webgpu.ts. */
import { serveGpu } from "../backend/webgpu/serve.ts";

await serveGpu(process.argv[2] as string);
