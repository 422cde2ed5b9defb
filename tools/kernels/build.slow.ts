import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { buildKernels, KERNELS_FILE } from "./build.ts";

it("the committed kernels are what their source compiles to", async () => {
  expect(await buildKernels()).toBe(readFileSync(KERNELS_FILE, "utf8"));
});
