/**
 * The start-up bundle: every command and worker as one ES module each with shared chunks, cached by lock file and sources.
 * It is made in a process of its own, so that the bundler's memory does not stay with a node. A command's child processes
 * use the parent's (NOEMA_BUNDLE), so that one devnet runs one version. Plain JavaScript like the launcher: loading Node's type
 * stripper costs each process 0.2 s.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { describe, FAILED } from "./report.mjs";

/** Workers are started by name, see node/src/threads/entry.ts. */
const WORKERS = {
  "execution-worker": "node/src/workers/execution.ts",
  "data-worker": "node/src/workers/data.ts",
  "webgpu-worker": "node/src/workers/webgpu.ts",
  "inference-worker": "node/src/workers/inference.ts",
  "reader-worker": "node/src/workers/reader.ts",
  "crypto-worker": "node/src/workers/crypto.ts",
};
/** Earlier bundles that stay, some 6 MB each. */
const KEPT_BUNDLES = 12;
/** Packages with native add-ons or files of their own beside their code. */
const EXTERNAL = [
  "@chainsafe/blst",
  "@chainsafe/hashtree",
  "@crate-crypto/node-eth-kzg",
  "@nxtedition/rocksdb",
  "c-kzg",
  "lmdb",
  "mcl-wasm",
  "secp256k1",
];

/** Returns the URL of the bundled command; bundles when a source or the lock file has changed. */
export function bundle(root, commands, name) {
  const inherited = process.env.NOEMA_BUNDLE;
  const folder = inherited !== undefined && existsSync(inherited) ? inherited : join(root, ".cache", "bundle", sourceKey(root));
  if (!existsSync(folder)) {
    process.stderr.write("noema: preparing the start-up bundle (once after a change) ...\n");
    const args = [import.meta.filename, root, folder, JSON.stringify(commands)];
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "pipe"], encoding: "utf8" });
    if (status !== 0) throw `the start-up bundle could not be made: ${stderr.trim() || "its process was ended"}`;
  }
  process.env.NOEMA_BUNDLE = folder;
  const compiled = join(root, ".cache", "compile");
  enableCompileCache(compiled);
  process.env.NODE_COMPILE_CACHE = compiled; // for workers, which do not inherit the call
  return pathToFileURL(join(folder, `${name}.js`)).href;
}

/** Folders of the packages that a command may be made of. */
function productFolders(root) {
  const { packages } = JSON.parse(readFileSync(join(root, "tools", "walls.json"), "utf8"));
  return Object.keys(packages).filter((x) => !packages[x].measures && existsSync(join(root, x)));
}

function sourceKey(root) {
  const hash = createHash("sha256").update(process.version);
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  };
  add(join(root, "package-lock.json"));
  add(join(root, "bin", "bundle.mjs"));
  for (const name of productFolders(root)) {
    const files = readdirSync(join(root, name), { recursive: true, withFileTypes: true });
    for (const file of files) {
      if (!file.isFile() || file.parentPath.includes("node_modules")) continue;
      if (/\.(ts|json|wasm)$/.test(file.name) && !/\.(test|spec|slow|full)\.ts$/.test(file.name)) add(join(file.parentPath, file.name));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

async function build(root, folder, commands) {
  const cache = dirname(folder);
  const { rolldown } = await import("rolldown");
  const entries = Object.entries({ ...commands, ...WORKERS }).filter(([, file]) => existsSync(join(root, file)));
  const output = join(cache, `building-${process.pid}`);
  mkdirSync(output, { recursive: true });
  const bundled = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map(([name, file]) => [name, join(root, file)])),
    platform: "node",
    external: (id) => EXTERNAL.some((x) => id === x || id.startsWith(`${x}/`)),
    transform: { define: { "globalThis.NOEMA_BUNDLED": "true" } },
    onLog: (level, log, handler) => {
      if (level === "warn") return; // dependencies' own, nothing that a user can act on
      handler(level, log);
    },
  });
  await bundled.write({ dir: output, format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" });
  await bundled.close();
  dropOld(cache, output);
  try {
    renameSync(output, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // another process was faster
    rmSync(output, { recursive: true, force: true });
  }
}

function hasEnded(pid) {
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** Running devnets still import from earlier bundles (the data worker starts with the first blob), so the newest stay. */
function dropOld(cache, except) {
  const all = readdirSync(cache).map((x) => join(cache, x));
  const folders = all.filter((x) => !x.includes("building-"));
  for (const x of all)
    if (!folders.includes(x) && x !== except && hasEnded(Number(x.split("building-")[1]))) rmSync(x, { recursive: true });
  folders.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of folders.slice(KEPT_BUNDLES)) rmSync(folder, { recursive: true, force: true });
}

/** rolldown's errors bring a picture of the source, or a stack of its own: the first lines say what is wrong. */
function explain(error) {
  const [first] = error.errors ?? [];
  if (first === undefined) return describe(error).sentence;
  const lines = stripVTControlCharacters(first.message).split("\n");
  return first.loc ? `${lines[0]} at ${first.loc.file}:${first.loc.line}` : lines.slice(0, 2).join(" ").trim();
}

if (import.meta.main) {
  const [root, folder, commands] = process.argv.slice(2);
  try {
    await build(root, folder, JSON.parse(commands));
  } catch (error) {
    process.stderr.write(process.env.NOEMA_DEBUG === "1" ? error.stack : explain(error));
    rmSync(join(dirname(folder), `building-${process.pid}`), { recursive: true, force: true });
    process.exit(FAILED);
  }
}
