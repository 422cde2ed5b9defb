/**
 * Where this is installed: a clone, whose sources are bundled when they have changed, or npm's package, whose bundle came along and whose
 * folder may be read-only.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MAJOR = 24;

/** Ends in a slash. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** npm packs no lock file. */
export const isClone = existsSync(`${root}package-lock.json`);

/** How a person starts us: `npx noema` would ask the registry, where the name is anybody's, but in a project that has us. */
export const INVOCATION = invocation();

function invocation() {
  if (isClone) return "npm run noema --";
  if (process.env.npm_command !== "exec") return "noema";
  return root.includes("/_npx/") ? `npx ./noema-${version()}.tgz` : "npx noema";
}

/** What came with npm's package; `noema tool bundle` makes it. */
export const PACKED_BUNDLE = join(root, "dist");

export function version() {
  return JSON.parse(readFileSync(`${root}package.json`, "utf8")).version;
}

/** For what can be made again; undefined where nobody says where that is. */
export function cacheFolder() {
  if (isClone) return join(root, ".cache");
  const folder = process.env.XDG_CACHE_HOME ?? join(home(), ".cache");
  return isAbsolute(folder) ? join(folder, "noema") : undefined;
}

function home() {
  try {
    return homedir();
  } catch {
    return ""; // a user without a name and without HOME
  }
}

/** What runs us: this Node where it is new enough, else the one that npm brought along, wherever it has put it. */
export function fittingNode() {
  if (Number(process.versions.node.split(".")[0]) >= NODE_MAJOR) return process.execPath;
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    throw `Node ${process.versions.node} is too old: install Node ${NODE_MAJOR} or newer (on Linux x64 and arm64, ${
      isClone ? "`npm ci`" : "npm"
    } brings it along unless it is told --omit=optional)`;
  }
}
