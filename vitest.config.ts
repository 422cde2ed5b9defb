import { defineConfig } from "vitest/config";
import { packageNames } from "./tools/walls.ts";

const exclude = ["**/node_modules/**", "**/.cache/**"];
const packages = `{${packageNames.join(",")},tools}`;
/** Ends what hangs. No test has a time of its own: on a busy machine each takes what it takes. */
const HANG_MS = 30 * 60_000;
/** For tests whose subject is processes: last words are heard before anything is ended (list). */
const processes = { setupFiles: "e2e/harness/last-words.ts", sequence: { hooks: "list" as const } };

/**
 * `npm test` runs: unit, beside the code, quick; spec, outside vectors; slow, simulations and rebuilds of committed artifacts;
 * e2e, real processes and clients. `npm run test:gate`, which `.ci/run` calls, adds: full, long loops and simulations in this process;
 * full-faults, validators killed, damaged, copied and led astray. `npm run test:full` adds: full-e2e, what takes minutes for what it shows.
 */
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2, // what the smallest machine has
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    teardownTimeout: HANG_MS,
    projects: [
      { extends: true, test: { name: "unit", include: [`${packages}/**/*.test.ts`], exclude } },
      { extends: true, test: { name: "spec", include: [`${packages}/**/*.spec.ts`], exclude } },
      { extends: true, test: { name: "slow", include: [`${packages}/**/*.slow.ts`], exclude } },
      { extends: true, test: { name: "e2e", include: ["e2e/**/*.e2e.ts"], exclude, ...processes } },
      { extends: true, test: { name: "full", include: [`${packages}/**/*.full.ts`], exclude } },
      { extends: true, test: { name: "full-faults", include: ["e2e/faults/*.full.ts"], exclude, ...processes } },
      { extends: true, test: { name: "full-e2e", include: ["e2e/**/*.full.ts"], exclude: [...exclude, "e2e/faults/**"], ...processes } },
    ],
  },
});
