/** `noema snapshot create`: both stores, each as it stands at one moment; the node may run. Nothing that a key signed, nor a key, is in it. */
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { to0x } from "@noema/core/bytes";
import { fileError } from "../../files/file-error.ts";
import { syncPath } from "../../files/sync.ts";
import { writeJson } from "../../files/write-file.ts";
import { DATADIR_VERSION, datadirVersion } from "../../store/datadir-version.ts";
import { copyLmdb } from "../../store/lmdb-copy.ts";
import { storePath } from "../../store/open-store.ts";
import { readChainSpec } from "../../wiring/genesis.ts";
import { configIn } from "../config-in.ts";
import { cliError } from "../errors.ts";
import { snapshotError } from "./errors.ts";
import { heightsIn } from "./heights.ts";
import { digest, MANIFEST, type Manifest, STORES } from "./manifest.ts";

/** Resolves with what was written, durable. Throws SNAPSHOT_*, CLI_*, STORE_*, and what reading the configuration throws. */
export async function createSnapshot(datadir: string, out: string): Promise<Manifest> {
  const config = configIn(datadir);
  const genesisHash = to0x(readChainSpec(config.genesis).hash);
  const paths = STORES.map((name) => storePath("lmdb", config.datadir, name));
  if (config.store !== "lmdb") throw snapshotError("SNAPSHOT_ENGINE", `${config.datadir} has stores of ${config.store}`);
  if (!paths.every((path) => existsSync(path))) throw snapshotError("SNAPSHOT_NOTHING", `${config.datadir} has no stores yet`);
  requireVersion(datadirVersion(config.datadir), config.datadir);
  const bytes = paths.map((path) => statSync(path).size).reduce((a, b) => a + b);
  await requireRoom(dirname(resolve(out)), bytes);
  makeNewFolder(out);
  try {
    for (const [i, name] of STORES.entries()) await copyLmdb(paths[i] as string, storePath("lmdb", out, name));
    const { tip, oldest, executed } = await heightsIn(out);
    if (tip === 0 || executed === undefined || executed > tip)
      throw snapshotError("SNAPSHOT_NOTHING", `final up to ${tip}, executed up to ${executed ?? "nothing"}`);
    const files = { chain: await sealed(out, "chain"), state: await sealed(out, "state") };
    const made = new Date().toISOString();
    const manifest: Manifest = { snapshot: 1, version: DATADIR_VERSION, genesisHash, height: tip, executed, oldest, madeAt: made, files };
    writeJson(join(out, MANIFEST), manifest);
    return manifest;
  } catch (error) {
    rmSync(out, { recursive: true, force: true });
    throw error;
  }
}

/** What stands there is somebody's, also of another who makes a snapshot there now. */
function makeNewFolder(out: string): void {
  try {
    mkdirSync(out, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw cliError("CLI_OUTPUT_EXISTS", `${out} exists`, { out });
    throw fileError("FILE_UNWRITABLE", out, error);
  }
}

/** Durable, without LMDB's table of readers. */
async function sealed(folder: string, name: "chain" | "state"): Promise<Manifest["files"]["chain"]> {
  const path = storePath("lmdb", folder, name);
  rmSync(`${path}-lock`, { force: true });
  syncPath(path);
  return digest(path);
}

export function requireVersion(version: number, where: string): void {
  if (version === DATADIR_VERSION) return;
  throw snapshotError("SNAPSHOT_OTHER_VERSION", `${where} has version ${version}, this program's is ${DATADIR_VERSION}`, { version });
}

/** @param needed bytes. Throws CLI_DISK_FULL, FILE_UNWRITABLE. */
export async function requireRoom(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder).catch((error) => {
    throw fileError("FILE_UNWRITABLE", folder, error);
  });
  if (bavail * bsize < needed)
    throw cliError("CLI_DISK_FULL", `${folder} has ${bavail * bsize} bytes free, the stores take ${needed}`, { needed });
}
