/**
 * Compiles precompiles/src/kernels/assembly to precompiles/src/generated/kernels-wasm.ts.
 * `noema tool kernels [--check]`: with --check it writes nothing and fails when the committed bytes differ.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const ASSEMBLY = fileURLToPath(new URL("../../precompiles/src/kernels/assembly/", import.meta.url));
export const KERNELS_FILE = fileURLToPath(new URL("../../precompiles/src/generated/kernels-wasm.ts", import.meta.url));

/** The module as base64 inside a TypeScript file: it loads the same from source, from a worker and from a bundle. */
export async function buildKernels(): Promise<string> {
  let binary: Uint8Array | undefined;
  const flags = ["--enable", "simd", "-O3", "--noAssert", "--runtime", "stub", "--importMemory", "--memoryBase", "1024"];
  const { error, stderr } = await asc.main(["index.ts", ...flags, "--outFile", "kernels.wasm", "--baseDir", ASSEMBLY], {
    writeFile: (_name: string, contents: string | Uint8Array) => {
      if (typeof contents !== "string") binary = contents;
    },
  });
  if (error || !binary) throw new Error(`kernels do not compile: ${error}\n${stderr}`);
  const lines = (
    Buffer.from(binary)
      .toString("base64")
      .match(/.{1,120}/g) as string[]
  ).map((line) => `  "${line}",`);
  return `/** Built by tools/kernels/build.ts from kernels/assembly; ${binary.length} bytes. */\nexport const KERNELS_WASM = [\n${lines.join("\n")}\n].join("");\n`;
}

export async function writeKernels(check: boolean): Promise<void> {
  const built = await buildKernels();
  if (check && readFileSync(KERNELS_FILE, "utf8") !== built) throw new Error(`${KERNELS_FILE} is not what its source compiles to`);
  if (!check) writeFileSync(KERNELS_FILE, built);
  console.log(`${built.split("\n", 1)[0]}`);
}
