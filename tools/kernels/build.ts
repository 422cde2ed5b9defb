/**
 * Compiles the AssemblyScript of a package to WebAssembly: the inference kernels, the converter's float product, the EVM's
 * arithmetic and BLS12-381, the row code's field.
 * `noema tool kernels [--check]`: with --check it writes nothing and fails when the committed bytes differ.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { constantsSource } from "./bls12-381/constants.ts";
import { productsSource } from "./bls12-381/products.ts";
import { descriptorSource, dispatchSource } from "./inference/modules.ts";
import { productsSource as rowProductsSource } from "./rows/products.ts";

type Kernels = {
  assembly: string;
  file: string;
  constant: string;
  flags: readonly string[];
  /** Modules that are written here, as if they were files beside index.ts. */
  written?: Readonly<Record<string, () => string>>;
};

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

export const KERNELS: readonly Kernels[] = [
  {
    assembly: path("precompiles/src/kernels/assembly/"),
    file: path("precompiles/src/generated/kernels-wasm.ts"),
    constant: "KERNELS_WASM",
    flags: ["--enable", "simd", "--importMemory"],
    written: { "descriptor.ts": descriptorSource, "dispatch.ts": dispatchSource },
  },
  {
    assembly: path("converter/src/float/assembly/"),
    file: path("converter/src/float/generated/float-wasm.ts"),
    constant: "FLOAT_WASM",
    flags: ["--enable", "simd", "--importMemory"],
  },
  {
    assembly: path("execution/src/engine/natives/assembly/"),
    file: path("execution/src/engine/natives/generated/arithmetic-wasm.ts"),
    constant: "ARITHMETIC_WASM",
    flags: ["--initialMemory", "1", "--maximumMemory", "1"],
  },
  {
    assembly: path("execution/src/engine/natives/curves/assembly/"),
    file: path("execution/src/engine/natives/generated/curves-wasm.ts"),
    constant: "CURVES_WASM",
    flags: ["--initialMemory", "1", "--maximumMemory", "1"],
  },
  {
    assembly: path("execution/src/engine/natives/bls/assembly/"),
    file: path("execution/src/engine/natives/generated/bls-wasm.ts"),
    constant: "BLS_WASM",
    flags: ["--enable", "simd", "--initialMemory", "6", "--maximumMemory", "6"],
    written: { "products.ts": productsSource, "constants.ts": constantsSource },
  },
  {
    assembly: path("da-layer/src/blob/field/assembly/"),
    file: path("da-layer/src/blob/field/generated/field-wasm.ts"),
    constant: "FIELD_WASM",
    flags: ["--enable", "simd", "--initialMemory", "37", "--maximumMemory", "37"],
    written: { "products.ts": rowProductsSource },
  },
];

/** The module as base64 inside a TypeScript file: it loads the same from source, from a worker and from a bundle. */
export async function buildKernels({ assembly, constant, flags, written }: Kernels): Promise<string> {
  let binary: Uint8Array | undefined;
  const common = ["-O3", "--noAssert", "--runtime", "stub", "--memoryBase", "1024"];
  const { error, stderr } = await asc.main(["index.ts", ...flags, ...common, "--outFile", "kernels.wasm", "--baseDir", assembly], {
    readFile: (name: string) => written?.[name]?.() ?? (existsSync(assembly + name) ? readFileSync(assembly + name, "utf8") : null),
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
  const folder = assembly.split("/").slice(-3, -1).join("/");
  return `/** Built by tools/kernels/build.ts from ${folder}; ${binary.length} bytes. */\nexport const ${constant} = [\n${lines.join("\n")}\n].join("");\n`;
}

export async function writeKernels(check: boolean): Promise<void> {
  for (const kernels of KERNELS) {
    const built = await buildKernels(kernels);
    if (check && readFileSync(kernels.file, "utf8") !== built) throw new Error(`${kernels.file} is not what its source compiles to`);
    if (!check) writeFileSync(kernels.file, built);
    console.log(`${built.split("\n", 1)[0]}`);
  }
}
