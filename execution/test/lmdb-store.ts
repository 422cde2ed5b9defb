/** The node's LMDB store, for what needs a real disk. Loaded by address: execution does not depend on node. */
import { join } from "node:path";
import type { KvStore } from "@noema/core/ports/kv-store";
import { STATE_TABLES } from "../src/tables.ts";

const address = new URL("../../node/src/store/lmdb-store.ts", import.meta.url).href;
const { openLmdbStore } = (await import(address)) as { openLmdbStore(path: string, tables: readonly string[]): KvStore };

export function openLmdb(folder: string): KvStore {
  return openLmdbStore(join(folder, "data.mdb"), STATE_TABLES);
}
