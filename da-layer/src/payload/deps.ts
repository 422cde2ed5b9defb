import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { OperationSource, PayloadChecker, PayloadSource } from "@noema/core/ports/data";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Network } from "@noema/core/ports/network";
import type { CertificateScheme, Signer } from "@noema/core/ports/signing";
import type { Chain } from "../shared/epochs.ts";
import type { HeldBatch } from "./held-batches.ts";

/** Blobs of a batch's transactions: whoever signs it holds them. */
export type BatchSidecars = {
  /** Of those that the transactions name. */
  hashesOf(txs: readonly Bytes[]): readonly Hash[];
  /** They are held here, fetched from that peer, or any, where they were not. Throws DA_UNAVAILABLE {hashes}, DA_DISK_FULL. */
  obtain(hashes: readonly Hash[], first?: string): Promise<void>;
};

export type PayloadLaneDeps = Chain & {
  /** Absent on a node that is no validator: it neither publishes nor signs. */
  signer?: Signer;
  scheme: CertificateScheme;
  /** The lane owns the data lane's frames and the methods `data/*`. */
  network: Network;
  /** A log of its own. */
  store: AppendLog;
  source: PayloadSource;
  checker: PayloadChecker;
  /** What transactions carry beside them; absent: none does. */
  sidecars?: BatchSidecars;
  /** Absent where genesis does not say `dev`: operations are neither published, signed nor offered to consensus. */
  operations?: OperationSource;
  /** Transactions of a batch that is certified and not yet included: of others', and after a restart of own ones too. */
  onOutstanding?: (batch: HeldBatch) => void;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
};
