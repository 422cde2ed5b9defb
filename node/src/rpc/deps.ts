/** What the RPC server needs of the node, as narrow interfaces that the composition root wires. */

import type { Header } from "@noema/consensus/types";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { DataLayer } from "@noema/core/ports/data";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Peer } from "@noema/core/ports/network";
import type { Sidecars } from "@noema/core/ports/sidecars";
import type { ValidatorSet } from "@noema/core/ports/signing";
import type { SamplingFace } from "@noema/da-layer/sampling/cell-server";
import type { ChainReads, ExecutedBlock, Fees } from "@noema/execution/api";
import type { AddOutcome } from "@noema/execution/pool/pool-interface";
import type { Standing } from "@noema/execution/pool/standing";
import type { AccountRecord } from "@noema/execution/records";
import type { DevView } from "@noema/execution/system/dev-view";
import type { Transaction } from "@noema/execution/transactions/transaction";
import type { Tags } from "../chain/heads.ts";
import type { Operations } from "../chain/operations.ts";
import type { Gate } from "../diverged/gate.ts";

export type PooledTransaction = { tx: Transaction; sender: Bytes };

/** execution's pool. */
export interface PoolFace {
  /** In this order: the hash of each that is accepted, in the pool and journalled, else TX_*, POOL_*. */
  addAll(raws: readonly Bytes[], origin: "local"): Promise<readonly AddOutcome[]>;
  get(hash: Hash): PooledTransaction | undefined;
  bySender(sender: Bytes, nonce: bigint): PooledTransaction | undefined;
  /** The next nonce of a sender, its executable pooled transactions counted. */
  pendingNonce(address: Bytes): Promise<bigint>;
  /** Of `latest`; undefined: it is not known here. */
  accounts(addresses: readonly Bytes[]): Promise<readonly (Pick<AccountRecord, "balance" | "codeHash"> | undefined)[]>;
  /** pending: executable now, in order for each sender; queued: behind a nonce gap. */
  content(): { pending: readonly PooledTransaction[]; queued: readonly PooledTransaction[] };
  /** What the next block would hold if it were this pool's; `version` rises when it may be something else. */
  next(exact?: boolean): { version: number; transactions: readonly PooledTransaction[] };
  /** Of one that is in no block: where it stands, or why it left. undefined: nothing is known of it. */
  standing(hash: Hash): Standing | undefined;
  /** Takes out those of them that are in no batch: which it were. */
  drop(hashes: readonly Hash[]): Promise<readonly Hash[]>;
  /** Those that the next block could not hold: not in the pool, behind a nonce gap, or without the balance or fee. */
  stalled(hashes: readonly Hash[]): Hash[];
  status(): { pending: number; queued: number };
  /** Called for each transaction that enters. */
  onAdded(f: (added: PooledTransaction) => void): void;
}

export type ConsensusHeader = Header;

/** A header and the finalization certificate over its own hash. */
export type FinalityRecord = {
  header: ConsensusHeader;
  /** hashTreeRoot of the header: what the certificate's signers signed with epoch and view. */
  hash: Hash;
  certificate: { epoch: number; view: number; bitmap: Bytes; signature: Bytes };
  validators: ValidatorSet;
};

export type ConsensusStatus = {
  epoch: number;
  view: number;
  /** Index of the leader of this view. */
  leader: number;
  /** Height of the newest finalized consensus block, executed or not. */
  finalizedHeight: Height;
  /** Validators heard from lately, this one included. */
  heardFrom: readonly number[];
  state: "synced" | "syncing" | "halted";
  /** Why not synced, for people: "halted: 2 of 4 validators, quorum needs 3". */
  cause?: string;
  /** While syncing. */
  highestHeight?: Height;
  /** The own validator's index; absent on a full node. */
  self?: number;
};

/** What consensus knows, as facts. */
export interface ChainFacts {
  /** Ethereum's tags. Heights never fall. */
  tags(): Tags;
  /** Of the block after `latest`. */
  nextFees(): Fees;
  /** Of a development chain, after `latest`. */
  controls(): DevView | undefined;
  /** Called in order of height, once each, when a block has become `latest`. Returns how to stop. */
  onHead(f: (executed: ExecutedBlock) => void): () => void;
  /** The first certified header whose `exec.height` is at least `height`; undefined while there is none. */
  finality(height: Height): Promise<FinalityRecord | undefined>;
  /** The first certified header at or above the consensus height: what makes that block final. */
  certificate(height: Height): Promise<FinalityRecord | undefined>;
  validators(): ValidatorSet;
  /** Where validator `index` answers RPC, when known. */
  rpcUrl(index: number): string | undefined;
  status(): ConsensusStatus;
}

/** One end of a model: its form is the file's, the words are its card's and may be missing. */
export type ModelEnd = { dtype: string; shape: readonly number[]; encoding?: string };

export type ModelFact = {
  id: Hash;
  name: string;
  description: string;
  inputBytes: number;
  outputBytes: number;
  macs: bigint;
  /** Gas of one INFER call with a warm model. */
  gas: bigint;
  input: ModelEnd;
  /** `temperature`: softmax(scores / temperature) are the labels' chances. */
  output: ModelEnd & { labels?: readonly string[]; temperature?: number };
};

export interface ModelFacts {
  /** Active models. */
  list(): readonly ModelFact[];
}

export type DevAccount = { address: Bytes; privateKey: Bytes };

/** A configured peer, and in words why there is no connection with it. */
export type Unreachable = { peer: string; name?: string; at: readonly string[]; reason: string };

export type RpcDeps = {
  chainId: number;
  genesisHash: Hash;
  /** EVM rules, as genesis names them. */
  fork: string;
  /** Heights whose state is kept below the newest; 0: all. */
  history: number;
  /** As /version shows it: "noema/0.1.0/linux-x64/node24". */
  version: string;
  /** Whose name a development chain goes by (ethereum/client-version.ts). */
  identity: "anvil" | "noema";
  execution: ChainReads;
  pool: PoolFace;
  chain: ChainFacts;
  /** `addresses`: where this node listens. */
  net: { addresses(): readonly string[]; peers(): readonly Peer[]; unreachable(): readonly Unreachable[] };
  /** Closed: state and sends are refused (gate.ts). Absent: always open. */
  gate?: Pick<Gate, "closed" | "onClose">;
  models: ModelFacts;
  data?: DataLayer;
  /** Blobs of transactions. */
  sidecars?: Pick<Sidecars, "retentionSeconds" | "read" | "obtain">;
  /** What who samples is answered. */
  sampling?: SamplingFace;
  /** Of one object that PUT /da takes. */
  maxObjectBytes: number;
  /** Devnets only: accounts whose public keys everybody knows. */
  dev?: { accounts: readonly DevAccount[] };
  /** Development chains only: what changes the chain and is no transaction. */
  operations?: Operations;
  /** A transaction gets a block on its arrival, and does not wait for an interval. */
  automine: boolean;
  /** Longest that a send waits for its transaction to be in `latest`; 0: it is answered when accepted. */
  sendWaitMs: number;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
};
