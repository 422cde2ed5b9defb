import type { AppendLog } from "@noema/core/ports/append-log";
import type { Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Network } from "@noema/core/ports/network";
import type { CertificateScheme, Signer } from "@noema/core/ports/signing";
import type { Chain } from "../shared/epochs.ts";
import type { DiskRoom } from "./disk-room.ts";
import type { LogFolder } from "./row-store.ts";
import type { RowWorker } from "./row-worker.ts";

export type BlobLaneDeps = Chain & {
  /** Seed of an epoch (consensus.md 2.1), which orders the slots. */
  epochSeed(epoch: number): Hash | undefined;
  /** Why no block can become final now; undefined: one can. */
  halted?(): string | undefined;
  /** Absent on a node that is no validator: it retrieves and serves nothing of its own. */
  signer?: Signer;
  scheme: CertificateScheme;
  /** The lane owns the methods `blob/*`. */
  network: Network;
  /** A log of its own. */
  catalog: AppendLog;
  rows: LogFolder;
  /** Of the disk under `rows`. */
  disk: DiskRoom;
  worker: RowWorker;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
};
