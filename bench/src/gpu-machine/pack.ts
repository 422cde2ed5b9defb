/**
 * `bench gpu-machine --pack`: one archive that measures on a machine with a GPU, where nothing is installed and no network is: Node, the
 * bundle, native add-ons, models, `webgpu` of one platform, and the script `run`. Made on Linux x64, for it.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { repositoryRoot } from "@noema/node/paths";
import { benchError } from "../load/errors.ts";
import { machineNow } from "../machine.ts";
import { closureOf } from "./closure.ts";
import { PACKED_FILE } from "./packed.ts";
import { RUN_SCRIPT } from "./run-script.ts";

export type PackOptions = {
  /** Where it is written. */
  file: string;
  /** In whose node_modules `webgpu` is. */
  webgpu: string;
  /** Shared libraries for a machine without a Vulkan loader, used only where it has none of their own. */
  libraries?: string;
};

const NAME = "noema-gpu";
/** RocksDB is left out: the default store is LMDB. */
const ADD_ONS = ["@chainsafe/blst", "@chainsafe/hashtree", "@crate-crypto/node-eth-kzg", "lmdb", "mcl-wasm", "secp256k1"];
const COPIED = ["package.json", "precompiles/models", "precompiles/contracts/artifacts", "devnet/genesis-contracts.json"];
const PLATFORM = "linux-x64";
/** Sources, builds of other platforms, documents: not needed at run time. */
const LEFT_OUT = /(\.(md|map|ts|mts|cts|markdown|c|cc|cpp|h|hpp|gyp|gypi)|musl\.node|\/(src|deps|dict|test|tests|dependencies))$/;
/** Prebuilds of other platforms, of Node's releases before Node-API, for browsers. */
const OTHER_BUILDS = /(\/prebuilds\/(?!linux-x64(\/|$))|\.abi\d+\.glibc\.node$|\/mcl-wasm\/browser$)/;

/** Throws BENCH_SETUP_FAILED where what it is made of is missing. */
export async function packGpuMachine({ file, webgpu, libraries }: PackOptions): Promise<{ bytes: number; commit: string }> {
  if (`${process.platform}-${process.arch}` !== PLATFORM)
    throw benchError("BENCH_SETUP_FAILED", `the archive is for ${PLATFORM}, and made there`);
  const root = repositoryRoot();
  const stage = mkdtempSync(join(tmpdir(), "noema-pack-"));
  const to = join(stage, NAME);
  try {
    mkdirSync(to);
    for (const path of COPIED) cpSync(join(root, path), join(to, path), { recursive: true });
    for (const name of readdirSync(join(root, "bin"))) if (name.endsWith(".mjs")) cpSync(join(root, "bin", name), join(to, "bin", name));
    bundleInto(root, join(to, "dist"));
    for (const folder of closureOf(root, ADD_ONS)) copyPackage(join(root, folder), join(to, folder));
    copyWebgpu(webgpu, join(to, "precompiles", "gpu", "node_modules", "webgpu"));
    copyNode(join(to, "runtime"));
    mkdirSync(join(to, "lib"));
    if (libraries !== undefined) cpSync(libraries, join(to, "lib"), { recursive: true, dereference: true });
    const { commit } = machineNow(root);
    writeFileSync(join(to, PACKED_FILE), `${JSON.stringify({ commit })}\n`);
    writeFileSync(join(to, "run"), RUN_SCRIPT);
    chmodSync(join(to, "run"), 0o755);
    execFileSync("tar", ["-C", stage, "--owner=0", "--group=0", "-I", "gzip -9", "-cf", resolve(file), NAME]);
    return { bytes: statSync(file).size, commit };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** As in npm's package, and the measurement beside it. */
function bundleInto(root: string, folder: string): void {
  try {
    execFileSync(process.execPath, [join(root, "bin", "build-bundle.mjs"), folder, "gpu-machine=bench/src/gpu-machine/main.ts"], {
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (cause) {
    throw benchError("BENCH_SETUP_FAILED", `bundling: ${(cause as { stderr: string }).stderr.trim()}`, {}, cause);
  }
}

function copyPackage(from: string, to: string): void {
  const nested = join(from, "node_modules");
  const filter = (path: string) => path !== nested && !LEFT_OUT.test(path.slice(from.length)) && !OTHER_BUILDS.test(path);
  cpSync(from, to, { recursive: true, dereference: true, filter });
}

function copyWebgpu(folder: string, to: string): void {
  const from = join(folder, "node_modules", "webgpu");
  if (!existsSync(from))
    throw benchError("BENCH_SETUP_FAILED", `webgpu is not in ${folder}: \`npm run noema -- gpu install\` puts it there`);
  for (const path of ["package.json", "index.js", `dist/${PLATFORM}`]) cpSync(join(from, path), join(to, path), { recursive: true });
}

/** The Node that runs this, without its symbols where there is a `strip`. */
function copyNode(folder: string): void {
  mkdirSync(folder);
  const to = join(folder, "node");
  cpSync(process.execPath, to, { dereference: true });
  try {
    execFileSync("strip", [to], { stdio: "ignore" });
  } catch {
    // 6 MB more
  }
}
