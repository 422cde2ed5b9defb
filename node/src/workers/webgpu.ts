/** A process with a GPU: what a validator's inference thread starts, or `noema gpu-worker`. Its argument: the folder in whose node_modules `webgpu` is. */
import { serveGpu } from "@noema/precompiles/backend/webgpu/serve";

void serveGpu(process.argv[2] as string);
