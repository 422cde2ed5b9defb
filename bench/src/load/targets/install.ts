/** anvil and Hardhat, fetched by npm when they are asked for: e2e/tools has them with a lock file. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { benchError } from "../errors.ts";
import { anvilPath, hardhatPath } from "./peers.ts";

/** The path of its program; installs it first where it is missing. Throws BENCH_TARGET_FAILED. */
export async function requirePeer(name: "anvil" | "hardhat", progress: Progress): Promise<string> {
  const find = name === "anvil" ? anvilPath : hardhatPath;
  const found = find();
  if (found !== undefined) return found;
  const folder = join(repositoryRoot(), "e2e", "tools");
  const installing = promisify(execFile)("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
  await progress
    .during((s) => `installing anvil and Hardhat (once, half a gigabyte) ... ${s} s`, installing)
    .catch((cause) => {
      throw benchError("BENCH_TARGET_FAILED", `npm ci in ${folder}: ${(cause as Error).message.trim().slice(-300)}`, {}, cause);
    });
  const installed = find();
  if (installed === undefined) throw benchError("BENCH_TARGET_FAILED", `${name} has no build for ${process.platform}-${process.arch}`);
  return installed;
}
