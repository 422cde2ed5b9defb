import type { NoemaError } from "@noema/core/errors";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { PayloadSource } from "@noema/core/ports/data";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Sidecars } from "@noema/core/ports/sidecars";
import type { ExecutedBlock } from "../api.ts";
import type { AccountRecord } from "../records.ts";
import type { Fork } from "../rules/forks.ts";
import type { Identify } from "../transactions/identify.ts";
import type { AccountReading } from "./accounts.ts";
import type { Origin, PooledTransaction } from "./entry.ts";
import type { Standing } from "./standing.ts";

export type PoolDeps = {
  chainId: bigint;
  fork: Fork;
  /** A chain for development, which takes what nobody signed. */
  dev?: boolean;
  /** No other validator has a pool: what this one held comes back with a snapshot. */
  keepsImages?: boolean;
  /** Of `latest`, in the order asked. */
  accounts(addresses: readonly Bytes[]): Promise<AccountRecord[]>;
  /** Of `latest`; asked for senders that have some. */
  code(address: Bytes): Promise<Bytes>;
  journal: AppendLog;
  identify: Identify;
  clock: Clock;
  /** Of the next block. */
  baseFee(): bigint;
  /** The gas limit of the next block, or a batch's where that is lower. */
  maxTransactionGas(): bigint;
  /** Of the next block. */
  blockGas(): bigint;
  /** This validator's place in the sender's rendezvous order: 0 is home; below 0 or Infinity: no place in it, never offered. */
  homeRank(sender: Bytes): number;
  /** Of the next block: places in the order change with it, at all validators at once, or a transaction has no home for a while. */
  epoch(): number;
  /** Where blobs are kept; absent: nowhere, and no transaction of blobs is taken. */
  sidecars?: Pick<Sidecars, "keep" | "holds">;
  logger: Logger;
  metrics: Metrics;
};

export type AddOutcome = { hash: Hash } | { error: NoemaError };

export type PoolStatus = { pending: number; queued: number; bytes: number; senders: number; inFlight: number };

/** `version` rises when the transactions may be others. */
export type NextTransactions = { version: number; transactions: readonly PooledTransaction[] };

export interface Pool extends PayloadSource {
  /** Replays the journal; call once, before anything else. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Each as a client sends it, a transaction of blobs with those; as a peer tells it, without. Admitted in this order, and answered in it. For "local" resolves when the
   *  journal is fsynced, once for all of them. Errors are TX_*, RLP_INVALID, POOL_*. */
  addAll(raws: readonly Bytes[], origin: Origin): Promise<AddOutcome[]>;
  /** addAll of one; throws its error. */
  add(raw: Bytes, origin: Origin): Promise<Hash>;
  get(hash: Hash): PooledTransaction | undefined;
  bySender(sender: Bytes, nonce: bigint): PooledTransaction | undefined;
  /** The next nonce: of `latest`, and past what the pool holds without a gap. */
  pendingNonce(address: Bytes): Promise<bigint>;
  /** Of `latest`, in the order asked. undefined: more were asked for at once than are remembered. */
  accounts(addresses: readonly Bytes[]): Promise<(AccountReading | undefined)[]>;
  /** pending: can execute in order from `latest` on, in flight or not; queued: waits for an earlier nonce. Order of nonce for each sender. */
  content(): { pending: PooledTransaction[]; queued: PooledTransaction[] };
  /** What the next block would hold if it were this pool's, in mining order, in flight or not. Of a full pool some are younger than what is
   *  told, unless it must be `exact`. */
  next(exact?: boolean): NextTransactions;
  /** undefined: the pool knows nothing of it, or no more. What a block has is not asked here. */
  standing(hash: Hash): Standing | undefined;
  /** Takes out those of them that are in no batch: which it were, once they cannot come back after a restart. */
  drop(hashes: readonly Hash[]): Promise<readonly Hash[]>;
  /** Those that the next block could not hold: not in the pool, behind a nonce gap, or without the balance or fee. */
  stalled(hashes: readonly Hash[]): Hash[];
  status(): PoolStatus;
  onAdded(f: (transaction: PooledTransaction) => void): void;
  /** At once: the next `take` sees nonces and balances as they are after the block. Each block is told, in order, once it is `latest`.
   *  Behind operations, which may lower a nonce: resolves when what has left the pool cannot come back after a restart. */
  executed(block: Pick<ExecutedBlock, "result" | "touched" | "skipped" | "operations" | "taken" | "reverted">): Promise<void> | undefined;
  /** A batch of another validator that holds these is certified: not offered here meanwhile. */
  markInFlight(hashes: readonly Hash[]): void;
}
