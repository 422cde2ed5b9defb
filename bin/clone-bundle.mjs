/**
 * A clone's start-up bundle, cached by lock file and sources, and made in a process of its own, so that the bundler's memory does not
 * stay with a node. A command's child processes use the parent's (NOEMA_BUNDLE), so that one devnet runs one version.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./installation.mjs";

const BUILDER = fileURLToPath(new URL("./build-bundle.mjs", import.meta.url));
const cache = join(root, ".cache", "bundle");
/** What a builder that was killed leaves; its process id follows. */
const BUILDING = ".building-";
/** Earlier bundles that stay, some 8 MB each. */
const KEPT_BUNDLES = 12;

/** Its folder. */
export function cloneBundle() {
  const inherited = process.env.NOEMA_BUNDLE;
  const folder = inherited !== undefined && existsSync(inherited) ? inherited : join(cache, sourceKey());
  if (!existsSync(folder)) {
    process.stderr.write("noema: preparing the start-up bundle (once after a change) ...\n");
    const own = process.umask(0o022); // who makes secrets under 077 may share the clone with who runs a node
    try {
      mkdirSync(cache, { recursive: true });
      dropOld();
      buildBundle(folder);
    } finally {
      process.umask(own);
    }
  }
  process.env.NOEMA_BUNDLE = folder;
  return folder;
}

/** Throws what is wrong, in a sentence. */
function buildBundle(folder) {
  const { status, stderr } = spawnSync(process.execPath, [BUILDER, folder], { stdio: ["ignore", "inherit", "pipe"], encoding: "utf8" });
  if (status !== 0) throw `the start-up bundle could not be made: ${stderr.trim() || "its process was ended"}`;
}

/** Folders of the packages that a command may be made of. */
function productFolders() {
  const { packages } = JSON.parse(readFileSync(join(root, "tools", "walls.json"), "utf8"));
  return Object.keys(packages).filter((x) => !packages[x].measures && existsSync(join(root, x)));
}

function sourceKey() {
  const hash = createHash("sha256").update(process.version);
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  };
  for (const path of ["package-lock.json", "bin/build-bundle.mjs", "bin/commands.mjs", "bin/load-bundle.cjs"]) add(join(root, path));
  for (const name of productFolders()) {
    const files = readdirSync(join(root, name), { recursive: true, withFileTypes: true });
    for (const file of files) {
      if (!file.isFile() || file.parentPath.includes("node_modules")) continue;
      if (/\.(ts|json|wasm)$/.test(file.name) && !/\.(test|spec|slow|full)\.ts$/.test(file.name)) add(join(file.parentPath, file.name));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function hasEnded(pid) {
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** Running devnets still import from earlier bundles (the data worker starts with the first blob), so the newest stay. */
function dropOld() {
  const all = readdirSync(cache).map((x) => join(cache, x));
  const folders = all.filter((x) => !x.includes(BUILDING));
  for (const x of all) if (!folders.includes(x) && hasEnded(Number(x.split(BUILDING)[1]))) rmSync(x, { recursive: true, force: true });
  folders.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of folders.slice(KEPT_BUNDLES)) rmSync(folder, { recursive: true, force: true });
}
