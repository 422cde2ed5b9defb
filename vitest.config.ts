import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/.cache/**"];
const packages = "{core,execution,consensus,da-layer,precompiles,node,devnet,bench,tools}";

/** unit: beside the code, quick. spec: outside vectors. slow: simulations, crash loops, rebuilds of committed artifacts. e2e: real processes and clients. */
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2, // what the smallest machine has
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "unit", include: [`${packages}/**/*.test.ts`], exclude } },
      { extends: true, test: { name: "spec", include: [`${packages}/**/*.spec.ts`], exclude, testTimeout: 600_000 } },
      { extends: true, test: { name: "slow", include: [`${packages}/**/*.slow.ts`], exclude, testTimeout: 600_000 } },
      {
        extends: true,
        test: { name: "e2e", include: ["e2e/**/*.e2e.ts"], exclude, testTimeout: 180_000, hookTimeout: 120_000, fileParallelism: false },
      },
    ],
  },
});
