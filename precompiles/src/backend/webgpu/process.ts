/** Entry of the process of createProcessBackend. Its argument: the folder in whose node_modules `webgpu` is. */
import { serveGpu } from "./serve.ts";

await serveGpu(process.argv[2] as string);
