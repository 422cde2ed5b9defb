/** The new state takes the old one's place. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { syncPath } from "../files/sync.ts";
import { type StoreEngine, storePath } from "../store/open-store.ts";

const remove = (path: string) => rmSync(path, { recursive: true, force: true });

/** Nobody has either open. One rename with LMDB, a file; with RocksDB, a folder, a crash between two leaves no state, which a start makes again. */
export function replaceState(engine: StoreEngine, from: string, datadir: string): void {
  const [made, place] = [storePath(engine, from, "state"), storePath(engine, datadir, "state")];
  remove(`${place}-lock`); // LMDB's table of readers belongs to the old file
  const old = `${place}.replaced`;
  if (engine === "rocksdb" && existsSync(place)) renameSync(place, old);
  renameSync(made, place);
  syncPath(datadir);
  remove(old);
  remove(from);
}

export function removeState(engine: StoreEngine, datadir: string): void {
  const place = storePath(engine, datadir, "state");
  remove(place);
  remove(`${place}-lock`);
  syncPath(datadir);
}
