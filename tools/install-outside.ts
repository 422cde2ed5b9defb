/** What stands outside the workspaces, so that `npm ci` stays small: compilers, data sets, clients, in folders with lock files of their own. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { npmCommand } from "./testing/npm.ts";
import { run } from "./testing/run.ts";

const root = resolve(import.meta.dirname, "..");

/** What the tests need; `e2e/tools`, half a gigabyte, is for its own command. */
export const OUTSIDE = ["tools", "e2e", "examples/reader", "examples/gate"];

type Packages = Record<string, { version?: string }>;

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));

/** `npm ci` in the folder, unless what is installed is what its lock file says. Throws when npm fails. */
export async function installOutside(folder: string): Promise<void> {
  const at = join(root, folder);
  const stamp = join(at, "node_modules", ".package-lock.json");
  const lock = readJson(join(at, "package-lock.json")).packages as Packages;
  const installed = existsSync(stamp) ? (readJson(stamp).packages as Packages) : {};
  const wanted = Object.keys(readJson(join(at, "package.json")).dependencies).map((x) => `node_modules/${x}`);
  if (wanted.every((x) => installed[x]?.version === lock[x]?.version)) return;
  const { file, args, env } = npmCommand("ci", "--no-audit", "--no-fund");
  const code = await run(file, args, () => `installing what ${folder}/ needs (once)`, { cwd: at, env });
  if (code !== 0) throw new Error(`npm ci in ${folder}/ ended with ${code}`);
}
