/** What runs blocks and calls. Binary in, binary out; an implementation may answer at once or with a promise. */
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { CallOutcome, CallRequest, SkippedTransaction, StateOverride, TransactionFailure } from "../api.ts";
import type { SkipReason } from "../blocks/skipped.ts";
import type { Parents } from "../rules/system-contracts.ts";
import type { Candidate } from "../rules/validity.ts";
import type { StateDiff } from "../state/diff.ts";
import type { Journal } from "../state/journal.ts";
import type { FlatState } from "../state/reader.ts";
import type { Place } from "./block/place.ts";
import type { MessageTracer, Watch } from "./trace.ts";

export type BlockEnv = {
  number: BlockNumber;
  /** Of the consensus block: what models become active by. */
  height: Height;
  timestamp: bigint;
  coinbase: Bytes;
  prevRandao: Hash;
  gasLimit: bigint;
  /** Absent before London (conformance tests only). */
  baseFeePerGas?: bigint;
  excessBlobGas?: bigint;
  /** Instead of what follows from `excessBlobGas`. */
  blobBaseFee?: bigint;
  /** Before Paris (conformance tests only). */
  difficulty?: bigint;
  /** System calls of the fork run with these before the first transaction; absent: no system calls. */
  system?: Parents;
  /** What is done to the block's journal before all else. */
  begin?(journal: Journal): void;
  /** Of the transaction at a place, where it is known; else it is recovered. */
  sender?(index: number): Bytes | undefined;
  /** Hash of an earlier block, for BLOCKHASH; undefined: unknown. */
  blockHash(number: BlockNumber): Hash | undefined;
};

export type Log = { address: Bytes; topics: Hash[]; data: Bytes };

export type ExecutedTransaction = {
  hash: Hash;
  raw: Bytes;
  type: number;
  sender: Bytes;
  nonce: bigint;
  to?: Bytes;
  contractAddress?: Bytes;
  ok: boolean;
  gasUsed: bigint;
  cumulativeGasUsed: bigint;
  effectiveGasPrice: bigint;
  blobGasUsed?: bigint;
  blobGasPrice?: bigint;
  logs: Log[];
  logsBloom: Bytes;
  /** Of one that failed, while it is executed: neither stored nor agreed on. */
  failure?: TransactionFailure;
  /** What it said to the console (console.ts), on the same terms. */
  console?: Bytes[];
};

export type BlockOutcome = {
  executed: ExecutedTransaction[];
  skipped: (SkippedTransaction & { reason: SkipReason })[];
  gasUsed: bigint;
  blobGasUsed: bigint;
  logsBloom: Bytes;
  diff: StateDiff;
};

export type AccessListItem = { address: Bytes; storageKeys: Hash[] };
export type CallResult = CallOutcome & {
  /** Before refunds were taken off. */
  gasBeforeRefund: bigint;
  accessList: AccessListItem[];
};

export interface ExecutionEngine {
  /**
   * Runs the transactions in order on `parent`; an invalid one is skipped, never an error. Throws NEED_MODEL (from the
   * precompiles) and EXEC_ENGINE_FAILED; nothing is kept of the block then. `watch` is asked of each transaction
   * that is valid at its turn, in order.
   */
  executeBlock(parent: FlatState, env: BlockEnv, txs: Iterable<Bytes>, watch?: Watch): BlockOutcome | Promise<BlockOutcome>;
  /** Runs one message and throws its changes away. `gas` is what the message may use in all. Throws TX_* where its sender cannot pay. */
  call(
    state: FlatState,
    env: BlockEnv,
    request: CallRequest,
    gas: bigint,
    overrides: readonly StateOverride[],
    watch?: Watch,
  ): CallResult | Promise<CallResult>;
  /**
   * Runs one transaction, valid or taken to be, on a journal that keeps what it changes. `overrides`: of which those of precompiles
   * count, the others are the journal's.
   */
  run(
    candidate: Candidate,
    place: Place,
    env: BlockEnv,
    overrides: readonly StateOverride[],
    tracer?: MessageTracer,
  ): Promise<ExecutedTransaction | SkipReason>;
  /** Throws CALL_OVERRIDE_INVALID. */
  checkOverrides(overrides: readonly StateOverride[]): void | Promise<void>;
}
