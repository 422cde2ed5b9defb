/**
 * The test command: `npm test` runs everything, `npm run test:quick` the unit tests, `--install-only` none. Installs what
 * stands outside the workspaces (compilers, data sets, clients, the example), with progress, and ends with how many tests ran.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const quick = process.argv.includes("--quick");
const installOnly = process.argv.includes("--install-only");
/** Folders with a lock file of their own. */
const OUTSIDE = ["tools", "e2e", "examples/reader"];
const filters = process.argv.slice(2).filter((x) => !x.startsWith("--"));

/** Runs a command with its output shown; resolves with the exit code. */
function run(command: string, args: readonly string[], cwd = root): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: "inherit" });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** `npm ci` in a folder with a lock file of its own, unless what is installed is what the lock says. */
async function installOutside(folder: string): Promise<void> {
  const at = join(root, folder);
  const stamp = join(at, "node_modules", ".package-lock.json");
  const lock = JSON.parse(readFileSync(join(at, "package-lock.json"), "utf8")).packages as Record<string, { version?: string }>;
  const installed = existsSync(stamp) ? (JSON.parse(readFileSync(stamp, "utf8")).packages as Record<string, { version?: string }>) : {};
  const wanted = Object.keys(JSON.parse(readFileSync(join(at, "package.json"), "utf8")).dependencies).map((x) => `node_modules/${x}`);
  if (wanted.every((x) => installed[x]?.version === lock[x]?.version)) return;
  process.stdout.write(`installing what the tests in ${folder}/ need (once) ...\n`);
  if ((await run("npm", ["ci", "--no-audit", "--no-fund"], at)) !== 0) process.exit(1);
}

type Report = { numPassedTests: number; numFailedTests: number; numPendingTests: number };

async function main(): Promise<void> {
  if (!quick) for (const folder of OUTSIDE) await installOutside(folder);
  if (installOnly) return;
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

// The tools spawned by tests (tar, node) are found as they are here.
if (spawnSync("tar", ["--version"]).status !== 0) process.stdout.write("note: no `tar` on this machine: outside vectors are skipped\n");
await main();
