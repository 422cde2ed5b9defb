import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** npm's own script, run by this Node: an older one would leave out optional packages that ask for a newer, such as Hardhat's native part. */
export function npmCommand(...args: readonly string[]): { file: string; args: string[]; env: NodeJS.ProcessEnv } {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  return { file: process.execPath, args: [npmCli(), ...args], env: { ...process.env, PATH } };
}

function npmCli(): string {
  if (process.env.npm_execpath?.endsWith(".js")) return process.env.npm_execpath;
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    if (existsSync(join(folder, "npm"))) return realpathSync(join(folder, "npm"));
  throw new Error("npm is not on PATH");
}
