import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { NoemaError } from "@noema/core/errors";
import type { KvStore } from "@noema/core/ports/kv-store";
import { openLmdbStore } from "./lmdb-store.ts";
import { openRocksdbStore } from "./rocksdb-store.ts";

export type StoreEngine = "lmdb" | "rocksdb";

/** Opens or creates the store `name` in `folder`, as `<name>.mdb` or `<name>.rocksdb/`. Throws STORE_UNAVAILABLE, STORE_FAILED. */
export async function openStore(engine: StoreEngine, folder: string, name: string): Promise<KvStore> {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new NoemaError("STORE_FAILED", `${folder}: ${error instanceof Error ? error.message : error}`, { path: folder }, error);
  }
  return engine === "lmdb" ? openLmdbStore(join(folder, `${name}.mdb`)) : openRocksdbStore(join(folder, `${name}.rocksdb`));
}
