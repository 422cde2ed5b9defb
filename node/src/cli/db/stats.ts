/** `noema db stats`: what takes a node's disk, table by table; the node may run. */
import { type Dirent, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type LmdbStats, lmdbStats } from "../../store/lmdb-copy.ts";
import { storePath } from "../../store/open-store.ts";
import { configIn } from "../config-in.ts";
import { STORE_NAMES, STORES } from "./place.ts";

export type DbStats = {
  datadir: string;
  /** `tables` and `freeBytes` of LMDB alone. */
  stores: ({ store: string; path: string; bytes: number } & Partial<LmdbStats>)[];
  /** What else has bytes in the directory. */
  others: { name: string; bytes: number }[];
};

/** Throws STORE_*, and what reading the configuration throws. */
export async function dbStats(datadir: string): Promise<DbStats> {
  const config = configIn(datadir);
  const stores: DbStats["stores"] = [];
  for (const store of STORE_NAMES) {
    const path = storePath(config.store, config.datadir, store);
    if (!existsSync(path)) continue;
    const found = config.store === "lmdb" ? await lmdbStats(path, STORES[store]) : {};
    stores.push({ store, path, ...found, bytes: bytesAt(path) });
  }
  const own = stores.flatMap(({ path }) => [path, `${path}-lock`]);
  const entries = readdirSync(config.datadir).filter((name) => !own.includes(join(config.datadir, name)));
  const others = entries.map((name) => ({ name, bytes: bytesAt(join(config.datadir, name)) })).filter(({ bytes }) => bytes > 0);
  return { datadir: config.datadir, stores, others: others.sort((a, b) => b.bytes - a.bytes) };
}

/** Of a file, or of all files below a folder; 0 of what has gone meanwhile. */
function bytesAt(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isFile()) return stat?.size ?? 0;
  if (!stat.isDirectory()) return 0;
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((x: Dirent) => x.isFile());
  return files.reduce((sum, x) => sum + (statSync(join(x.parentPath, x.name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

export function shownStats({ stores, others }: DbStats): string {
  const line = (name: string, rows: string, bytes: number) =>
    `${name.padEnd(28)}${rows.padStart(12)}${bytes.toLocaleString("en").padStart(18)}`;
  const ofStore = ({ store, bytes, tables = [], freeBytes = 0 }: DbStats["stores"][number]) => [
    line(store, "rows", bytes),
    ...tables.map((x) => line(`  ${x.table}`, x.rows.toLocaleString("en"), x.bytes)),
    ...(freeBytes > 0 ? [line("  free, taken by what comes", "", freeBytes)] : []),
  ];
  return [...stores.flatMap(ofStore), ...others.map(({ name, bytes }) => line(name, "", bytes))].join("\n");
}
