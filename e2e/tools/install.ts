/** Installs the tools, once, with npm's progress. They are not part of `npm ci`: half a gigabyte that only this command needs. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { here } from "./nodes.ts";

type Lock = { packages: Record<string, { version?: string }> };

export async function install(folder = here): Promise<void> {
  const stamp = join(folder, "node_modules", ".package-lock.json");
  const read = (path: string) => (JSON.parse(readFileSync(path, "utf8")) as Lock).packages;
  const lock = read(join(folder, "package-lock.json"));
  const installed = existsSync(stamp) ? read(stamp) : {};
  const wanted = Object.keys(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).dependencies);
  if (wanted.every((x) => installed[`node_modules/${x}`]?.version === lock[`node_modules/${x}`]?.version)) return;
  process.stdout.write(`installing the tools that ${folder}package.json names (once; some 500 MB) ...\n`);
  // npm leaves out Hardhat's native part, an optional dependency that asks for Node 22, when an older Node runs it.
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  const child = spawn(process.execPath, [npmCli(), "ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    env: { ...process.env, PATH: path },
    stdio: "inherit",
  });
  const code = await new Promise((done) => child.on("exit", done));
  if (code !== 0) throw new Error(`npm ci in ${folder} ended with ${code}`);
}

/** npm's own script, so that it is run by this Node and not by the one that its first line finds. */
function npmCli(): string {
  if (process.env.npm_execpath?.endsWith(".js")) return process.env.npm_execpath;
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    if (existsSync(join(folder, "npm"))) return realpathSync(join(folder, "npm"));
  throw new Error("npm is not on PATH");
}
