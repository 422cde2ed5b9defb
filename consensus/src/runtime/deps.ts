import type { AppendLog } from "@noema/core/ports/append-log";
import type { Application } from "@noema/core/ports/application";
import type { Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { KvStore } from "@noema/core/ports/kv-store";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Network } from "@noema/core/ports/network";
import type { Random } from "@noema/core/ports/random";
import type { CertificateScheme, Signer } from "@noema/core/ports/signing";
import type { Fault } from "./health.ts";

export type ConsensusDeps = {
  clock: Clock;
  random: Random;
  network: Network;
  /** The vote log, for nothing else. `initVoteLog` has written its first record when the validator was made. */
  log: AppendLog;
  /** Tables chain_* are consensus's. */
  kv: KvStore;
  /** Absent for a node that only follows. */
  signer?: Signer;
  scheme: CertificateScheme;
  application: Application;
  logger: Logger;
  metrics: Metrics;
  /** Hears of KEY_IN_USE when it is found after `join`: the process should end. */
  ended?(reason: Error): void;
  genesisHash: Hash;
  /** Found by an earlier run, and not mended since: this one signs nothing. */
  fault?: Fault;
  genesisTimestampMs: number;
  /** Blocks below the newest that are kept, and at least those of an epoch and of the inclusion window. 0 or absent: all. */
  keepHeights?: number;
};
