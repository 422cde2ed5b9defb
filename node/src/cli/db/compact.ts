/** `noema db compact`: a stopped node's stores are copied without their free pages, and the copies take their places. */
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { syncPath } from "../../files/sync.ts";
import { lockDatadir } from "../../store/datadir-lock.ts";
import { guardGenesis } from "../../store/genesis-guard.ts";
import { copyLmdb } from "../../store/lmdb-copy.ts";
import { storePath } from "../../store/open-store.ts";
import { readChainSpec } from "../../wiring/genesis.ts";
import { configIn } from "../config-in.ts";
import { cliError } from "../errors.ts";
import { dbError } from "./errors.ts";
import { STORE_NAMES } from "./place.ts";

export type Compacted = { store: string; before: number; after: number };

/** Each store is whole at every moment. Throws DB_ENGINE, CLI_DISK_FULL, DATADIR_*, STORE_*. */
export async function compactStores(datadir: string): Promise<Compacted[]> {
  const config = configIn(datadir);
  if (config.store !== "lmdb") throw dbError("DB_ENGINE", `${config.datadir} has stores of ${config.store}, which compact themselves`);
  const lock = await lockDatadir(config.datadir);
  try {
    guardGenesis(config.datadir, readChainSpec(config.genesis).hash);
    const done: Compacted[] = [];
    for (const store of STORE_NAMES) {
      const path = storePath("lmdb", config.datadir, store);
      if (existsSync(path)) done.push({ store, ...(await compact(path, config.datadir)) });
    }
    return done;
  } finally {
    lock.release();
  }
}

async function compact(path: string, folder: string): Promise<Omit<Compacted, "store">> {
  const copy = `${path}.compact`;
  const before = statSync(path).size;
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < before)
    throw cliError("CLI_DISK_FULL", `${folder} has ${bavail * bsize} bytes, a copy of ${path} may take ${before}`);
  rmSync(copy, { force: true });
  try {
    await copyLmdb(path, copy);
    syncPath(copy);
    rmSync(`${path}-lock`, { force: true }); // LMDB's table of readers belongs to the old file
    renameSync(copy, path);
    syncPath(folder);
  } finally {
    for (const left of [copy, `${copy}-lock`]) rmSync(left, { force: true });
  }
  return { before, after: statSync(path).size };
}
