/** Copies of LMDB stores, and what is in them, taken by a process that does not write them, beside one that may. */
import { type Database, open, type RootDatabase } from "lmdb";
import { storeError } from "./errors.ts";
import { guardSharedLmdbFile } from "./lmdb-guard.ts";

type Root = RootDatabase<Buffer, Buffer>;
const OPTIONS = { encoding: "binary", keyEncoding: "binary", noSubdir: true, readOnly: true } as const;

/** Opened read-only for as long as `f` takes: the file grows meanwhile by what is written. Throws STORE_FAILED, STORE_CORRUPT, STORE_OLD_LAYOUT. */
async function within<T>(path: string, tables: readonly string[], f: (root: Root) => Promise<T>): Promise<T> {
  let root: Root | undefined;
  try {
    guardSharedLmdbFile(path);
    root = open<Buffer, Buffer>({ ...OPTIONS, path, maxDbs: Math.max(1, tables.length) });
    return await f(root);
  } catch (error) {
    throw storeError("STORE_FAILED", `${path}: ${error instanceof Error ? error.message : error}`, { path }, error);
  } finally {
    await root?.close();
  }
}

/** As it stands at one moment, without its free pages. `to` is a file that does not exist; its bytes are not synced. Throws as above. */
export function copyLmdb(path: string, to: string): Promise<void> {
  return within(path, [], (root) => root.backup(to, true));
}

export type TableStats = { table: string; rows: number; bytes: number };
export type LmdbStats = { tables: TableStats[]; freeBytes: number; bytes: number };

type Pages = { entryCount: number; treeBranchPageCount: number; treeLeafPageCount: number; overflowPages: number; pageSize: number };
const bytesOf = (x: Pages) => x.pageSize * (x.treeBranchPageCount + x.treeLeafPageCount + x.overflowPages);

/** `freeBytes`: of pages that the next writes take. Throws as above. */
export function lmdbStats(path: string, tables: readonly string[]): Promise<LmdbStats> {
  return within(path, tables, async (root) => {
    const whole = root.getStats() as Pages & { lastPageNumber: number };
    const found = tables.map((table) => {
      const tree: Database<Buffer, Buffer> = root.openDB({ name: table, encoding: "binary", keyEncoding: "binary" });
      const pages = tree.getStats() as Pages;
      return { table, rows: pages.entryCount, bytes: bytesOf(pages) };
    });
    const bytes = whole.pageSize * (whole.lastPageNumber + 1);
    const used = found.reduce((sum, x) => sum + x.bytes, bytesOf(whole) + 2 * whole.pageSize);
    return { tables: found, freeBytes: Math.max(0, bytes - used), bytes };
  });
}
