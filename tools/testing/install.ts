/** What tests need outside the workspaces: compilers, data sets, clients, in folders with lock files of their own. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

type Packages = Record<string, { version?: string }>;

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));

/** `npm ci` in the folder, unless what is installed is what its lock file says. Throws when npm fails. */
export async function installOutside(folder: string): Promise<void> {
  const stamp = join(folder, "node_modules", ".package-lock.json");
  const lock = readJson(join(folder, "package-lock.json")).packages as Packages;
  const installed = existsSync(stamp) ? (readJson(stamp).packages as Packages) : {};
  const wanted = Object.keys(readJson(join(folder, "package.json")).dependencies).map((x) => `node_modules/${x}`);
  if (wanted.every((x) => installed[x]?.version === lock[x]?.version)) return;
  const doing = () => `installing what the tests in ${folder} need (once)`;
  const code = await run("npm", ["ci", "--no-audit", "--no-fund"], doing, { cwd: folder });
  if (code !== 0) throw new Error(`npm ci in ${folder} ended with ${code}`);
}
