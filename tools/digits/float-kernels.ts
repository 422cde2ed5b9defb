/** Compiles and instantiates the trainer's float kernels; the memory is fixed at `bytes`. */
import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { webAssembly } from "../../precompiles/src/kernels/webassembly.ts";

const NAMES = ["gemm", "im2col", "col2im", "fillRows", "relu", "reluBack", "pool", "poolBack", "transpose", "sumRows", "adam"] as const;

export type FloatKernels = Record<(typeof NAMES)[number], (...args: number[]) => void>;

export async function createFloatKernels(bytes: number): Promise<{ kernels: FloatKernels; memory: ArrayBuffer }> {
  const source = readFileSync(new URL("assembly/floats.ts", import.meta.url), "utf8");
  const built = await asc.compileString(source, { optimizeLevel: 3, runtime: "stub", enable: ["simd"], importMemory: true });
  if (built.error || !built.binary) throw new Error(`float kernels do not compile: ${built.error}\n${built.stderr}`);
  const pages = Math.ceil(bytes / 65536);
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages });
  const env = { memory, abort: () => {} };
  const { exports } = new webAssembly.Instance(new webAssembly.Module(built.binary), { env });
  return { kernels: exports as FloatKernels, memory: memory.buffer };
}
