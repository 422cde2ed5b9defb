import { existsSync } from "node:fs";
import { join } from "node:path";
import { isNoemaError } from "@noema/core/errors";
import type { KvReader, KvReaderPlace, KvStore } from "@noema/core/ports/kv-store";
import { makeFolder } from "../files/make-folder.ts";
import { storeError } from "./errors.ts";
import { openLmdbReader, openLmdbStore } from "./lmdb-store.ts";
import { openRocksdbStore } from "./rocksdb-store.ts";

export type StoreEngine = "lmdb" | "rocksdb";

const REMEDY: Readonly<Record<string, string>> = {
  state: "`noema reexecute` with this --datadir makes it anew from the blocks",
  chain: "docs/operate/store-corrupt.md says how to get it from another node",
};

/** For a tool: a damaged page that LMDB meets would end it. */
export const WHOLE = { checkedBytes: Number.POSITIVE_INFINITY };

export function storePath(engine: StoreEngine, folder: string, name: string): string {
  return join(folder, engine === "lmdb" ? `${name}.mdb` : `${name}.rocksdb`);
}

/**
 * Opens or creates the store `name` in `folder`, as `<name>.mdb` or `<name>.rocksdb/`. `tables`: all that it has. An empty one beside the
 * other engine's would begin the chain anew. `checkedBytes`: up to this size it is read whole before it is opened. Throws STORE_OTHER_ENGINE, STORE_UNAVAILABLE, STORE_FAILED, STORE_CORRUPT, STORE_OLD_LAYOUT,
 * FILE_UNWRITABLE.
 */
export async function openStore(
  engine: StoreEngine,
  folder: string,
  name: string,
  tables: readonly string[],
  { checkedBytes }: { checkedBytes?: number } = {},
): Promise<KvStore> {
  makeFolder(folder);
  const path = storePath(engine, folder, name);
  const other = engine === "lmdb" ? "rocksdb" : "lmdb";
  const standing = storePath(other, folder, name);
  if (!existsSync(path) && existsSync(standing))
    throw storeError("STORE_OTHER_ENGINE", `store ${engine} is asked for, and ${standing} was made with ${other}`, { path: standing });
  if (engine === "rocksdb") return openRocksdbStore(path, tables);
  try {
    return openLmdbStore(path, tables, checkedBytes);
  } catch (error) {
    if (!isNoemaError(error, "STORE_CORRUPT")) throw error;
    throw storeError("STORE_CORRUPT", `${error.message}; ${REMEDY[name] ?? "see docs/operate/store-corrupt.md"}`, { path }, error);
  }
}

/** Of a place that `KvStore.reader` gave. Throws STORE_FAILED. */
export function openReader(place: KvReaderPlace): KvReader {
  return openLmdbReader(place); // of the engines the one that gives a place
}
