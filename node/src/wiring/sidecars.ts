/** Blobs of transactions, joined: what is kept, by the time of the chain; what batches ask of it. */
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Network } from "@noema/core/ports/network";
import type { DiskRoom } from "@noema/da-layer/blob/disk-room";
import type { RowWorker } from "@noema/da-layer/blob/row-worker";
import { CELL_PROOFS } from "@noema/da-layer/sidecars/record";
import { createSidecars, type RunningSidecars } from "@noema/da-layer/sidecars/sidecars";
import type { SidecarFiles } from "@noema/da-layer/sidecars/store";
import { forkOf } from "@noema/execution/rules/forks";
import type { Heads } from "../chain/heads.ts";
import { systemClock as clock } from "../clock.ts";

const FETCH_TIMEOUT_MS = 5000;

export type SidecarParts = {
  fork: string;
  retentionSeconds: number;
  files: SidecarFiles;
  disk: DiskRoom;
  worker: RowWorker;
  network: Network;
  heads: Pick<Heads, "onHead">;
  /** Seconds, of the newest block. */
  startedAt: number;
  logger: Logger;
  metrics: Metrics;
};

export function joinSidecars({ fork, retentionSeconds, heads, startedAt, ...deps }: SidecarParts): RunningSidecars {
  let time = startedAt;
  const proofs = forkOf(fork).eips.has(7594) ? CELL_PROOFS : 1;
  const options = { retentionSeconds, proofs, fetchTimeoutMs: FETCH_TIMEOUT_MS } as const;
  const sidecars = createSidecars(options, { ...deps, clock, chainTime: () => time });
  heads.onHead(({ block }) => {
    if (block === undefined) return;
    time = Number(block.timestamp);
    sidecars.expire().catch((error) => deps.logger.log("error", "dropping expired blobs of transactions failed", { error: String(error) }));
  });
  return sidecars;
}
