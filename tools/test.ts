/**
 * The test command: `npm test` runs everything, `npm run test:quick` the unit tests. Installs what the slow tests need
 * outside the workspaces (compilers, data sets, clients), with progress, and ends with how many tests ran.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installOutside, OUTSIDE, run } from "./install-outside.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

type Report = { numPassedTests: number; numFailedTests: number; numPendingTests: number };

export async function runTests(filters: readonly string[], quick: boolean): Promise<void> {
  // The tools spawned by tests (tar, node) are found as they are here.
  if (spawnSync("tar", ["--version"]).status !== 0) process.stdout.write("note: no `tar` on this machine: outside vectors are skipped\n");
  if (!quick) for (const folder of OUTSIDE) await installOutside(folder);
  const output = join(root, ".cache", `test-${process.pid}.json`);
  const projects = quick ? ["--project", "unit"] : [];
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", ...projects, ...filters, "--reporter=default", "--reporter=json", `--outputFile.json=${output}`];
  const code = await run(process.execPath, args);
  if (!existsSync(output)) process.exit(code || 1);
  const report = JSON.parse(readFileSync(output, "utf8")) as Report;
  rmSync(output);
  const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : "";
  process.stdout.write(`${report.numPassedTests} passed, ${report.numFailedTests} failed${skipped}\n`);
  process.exit(code);
}
