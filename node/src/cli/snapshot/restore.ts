/**
 * `noema snapshot restore`: a stopped node's stores become those of a snapshot. What its key signed stays as its own logs say it, and where they do
 * not reach as far as the snapshot, consensus takes the vote log for a lost one (consensus.md 2.8.5): no vote is taken back.
 */
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import type { NodeConfig } from "../../config.ts";
import { makeFolder } from "../../files/make-folder.ts";
import { syncPath } from "../../files/sync.ts";
import { logOwnerOf } from "../../keys/log-owner-of.ts";
import { lockDatadir } from "../../store/datadir-lock.ts";
import { guardGenesis } from "../../store/genesis-guard.ts";
import { storePath } from "../../store/open-store.ts";
import { readChainSpec } from "../../wiring/genesis.ts";
import { loseDataLogs } from "../../wiring/storage.ts";
import { configIn } from "../config-in.ts";
import { requireRoom, requireVersion } from "./create.ts";
import { snapshotError } from "./errors.ts";
import { heightsIn } from "./heights.ts";
import { digest, type Manifest, readManifest, STORES } from "./manifest.ts";

/** Of a directory that `noema init` has made. Throws SNAPSHOT_*, DATADIR_*, STORE_*, and what reading the configuration throws. */
export async function restoreSnapshot(from: string, datadir: string): Promise<Manifest> {
  const config = configIn(datadir);
  const { hash } = readChainSpec(config.genesis);
  const lock = await lockDatadir(config.datadir);
  try {
    guardGenesis(config.datadir, hash);
    const manifest = readManifest(from);
    requireVersion(manifest.version, from);
    if (manifest.genesisHash !== to0x(hash))
      throw snapshotError("SNAPSHOT_OTHER_CHAIN", `${from} is of genesis ${manifest.genesisHash}, not ${to0x(hash)}`);
    if (config.store !== "lmdb") throw snapshotError("SNAPSHOT_ENGINE", `${config.datadir} has stores of ${config.store}`);
    await requireNewer(manifest, config.datadir);
    await requireRoom(config.datadir, manifest.files.chain.bytes + manifest.files.state.bytes);
    await replaceStores(from, manifest, config, () => !config.follow && loseDataLogs(config.datadir, logOwnerOf(config, hash)));
    return manifest;
  } finally {
    lock.release();
  }
}

async function requireNewer({ height }: Manifest, datadir: string): Promise<void> {
  if (!STORES.every((name) => existsSync(storePath("lmdb", datadir, name)))) return;
  const { tip, executed } = await heightsIn(datadir);
  if (Math.min(tip, executed ?? 0) < height) return;
  throw snapshotError("SNAPSHOT_OLDER", `${datadir} is at height ${tip}, the snapshot at ${height}`, { tip, height });
}

/** Headers of batches and blobs that the key signed elsewhere are in no log here: `lose` says so before the stores are in their place. */
async function replaceStores(from: string, manifest: Manifest, { datadir }: NodeConfig, lose: () => unknown): Promise<void> {
  const scratch = join(datadir, "restoring");
  rmSync(scratch, { recursive: true, force: true });
  makeFolder(scratch, 0o700);
  try {
    for (const name of STORES) {
      const path = storePath("lmdb", from, name);
      const told = manifest.files[name];
      const found = existsSync(path) ? await digest(path, storePath("lmdb", scratch, name), told.bytes) : { bytes: 0, sha256: "none" };
      if (found.bytes !== told.bytes || found.sha256 !== told.sha256)
        throw snapshotError(
          "SNAPSHOT_INVALID",
          `${path} has ${found.bytes} bytes and SHA-256 ${found.sha256}, not ${told.bytes} and ${told.sha256}`,
        );
    }
    const { tip, executed } = await heightsIn(scratch);
    if (tip !== manifest.height || executed !== manifest.executed)
      throw snapshotError("SNAPSHOT_INVALID", `${from} is final up to ${tip} and executed up to ${executed}, its manifest says otherwise`);
    lose();
    // The chain goes last out and first in: a crash in between leaves a state that is behind its chain, or none, which a second restore mends.
    for (const name of STORES) rmSync(`${storePath("lmdb", datadir, name)}-lock`, { force: true });
    rmSync(storePath("lmdb", datadir, "state"), { force: true });
    for (const name of [...STORES].reverse()) renameSync(storePath("lmdb", scratch, name), storePath("lmdb", datadir, name));
    syncPath(datadir);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
