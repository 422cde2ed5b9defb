/** What stands outside the workspaces, so that `npm ci` stays small: compilers, data sets, clients. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Folders with a lock file of their own. */
export const OUTSIDE = ["tools", "e2e", "examples/reader"];

/** `npm ci` in a folder with a lock file of its own, unless what is installed is what the lock says. */
export async function installOutside(folder: string): Promise<void> {
  const at = join(root, folder);
  const stamp = join(at, "node_modules", ".package-lock.json");
  const lock = JSON.parse(readFileSync(join(at, "package-lock.json"), "utf8")).packages as Record<string, { version?: string }>;
  const installed = existsSync(stamp) ? (JSON.parse(readFileSync(stamp, "utf8")).packages as Record<string, { version?: string }>) : {};
  const wanted = Object.keys(JSON.parse(readFileSync(join(at, "package.json"), "utf8")).dependencies).map((x) => `node_modules/${x}`);
  if (wanted.every((x) => installed[x]?.version === lock[x]?.version)) return;
  process.stderr.write(`installing what ${folder}/ needs (once) ...\n`);
  if ((await run("npm", ["ci", "--no-audit", "--no-fund"], at)) !== 0) throw new Error(`npm ci in ${folder}/ failed`);
}

/** Runs a command with its output shown; resolves with the exit code. */
export function run(command: string, args: readonly string[], cwd = root): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
