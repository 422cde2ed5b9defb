import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { buildKernels, KERNELS } from "./build.ts";

it.each(KERNELS)("what is committed in $file is what its source compiles to", async (kernels) => {
  expect(await buildKernels(kernels)).toBe(readFileSync(kernels.file, "utf8"));
});
