/** What the data directory holds, by what lies in it, and what its disk still has. Looked at when metrics are scraped. */
import { readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Metrics } from "@noema/core/ports/metrics";

/** Rows of blobs lie in folders too many to look at; what they may still take is noema_da_disk_room_bytes. */
const STORES = ["chain.mdb", "state.mdb", "votes", "batches", "pool", "node.log"] as const;

export function addDiskMetrics(metrics: Metrics, datadir: string): void {
  metrics.gauge("noema_store_disk_free_bytes", "Bytes that the disk under the data directory has for this process.", () => {
    const { bavail, bsize } = statfsSync(datadir);
    return bavail * bsize;
  });
  metrics.gauge(
    "noema_store_size_bytes",
    "Bytes on disk of stores, logs and the log file, by name.",
    () => STORES.map((store) => ({ of: { store }, value: bytesOf(join(datadir, store)) })),
    ["store"],
  );
}

/** Of a file, or of the files in a folder; what is not there, or goes meanwhile, has none. */
function bytesOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return 512 * (found?.blocks ?? 0);
  return readdirSync(path).reduce((sum, name) => sum + 512 * (statSync(join(path, name), { throwIfNoEntry: false })?.blocks ?? 0), 0);
}
