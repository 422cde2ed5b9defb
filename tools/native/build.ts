/** execution/native/identify.c to an add-on of this Node, by the system's C compiler and libsecp256k1 (Debian: libsecp256k1-dev). */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCE = join(ROOT, "execution", "native", "identify.c");
/** Where the launcher looks for it. */
export const ADD_ON = join(ROOT, ".cache", "native", "identify.node");

/** `prefix`: of a libsecp256k1 elsewhere. Throws with the compiler's words. */
export function buildAddOn(to: string, prefix?: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const made = `${to}.${process.pid}`;
  const own = prefix === undefined ? [] : [`-I${prefix}/include`, `-L${prefix}/lib`, `-Wl,-rpath,${prefix}/lib`];
  const link = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const flags = ["-O3", "-std=c99", "-Wall", "-Wextra", "-shared", "-fPIC", `-I${nodeHeaders()}`];
  execFileSync("cc", [...flags, "-o", made, SOURCE, ...own, "-lsecp256k1", ...link], {
    stdio: ["ignore", "inherit", "pipe"],
    encoding: "utf8",
  });
  renameSync(made, to);
}

/** Beside the executable, as Node's archives have them. */
function nodeHeaders(): string {
  const folder = join(dirname(process.execPath), "..", "include", "node");
  if (!existsSync(join(folder, "node_api.h"))) throw `${folder} has no node_api.h: install Node with its headers`;
  return folder;
}
