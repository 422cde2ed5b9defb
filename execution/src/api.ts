/**
 * What the rest of the node sees of execution: who executes blocks, and who answers questions, both asynchronous. Every value
 * can be structured-cloned; quantities of the EVM are bigint, bytes are Uint8Array.
 */

import type { ExecResult } from "@noema/core/ports/application";
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { DumpPage, DumpPlace } from "./dump/page.ts";
import type {
  AccountProof,
  AccountRecord,
  BlockRecord,
  HeaderRecord,
  HeadRecord,
  LogRecord,
  NextBlockRecord,
  ReceiptRecord,
  TransactionRecord,
} from "./records.ts";
import type { DevView } from "./system/dev-view.ts";
import type { Outcome } from "./system/outcomes.ts";
import type { RevertTo } from "./system/revert.ts";
import type { TracerChoice } from "./trace/tracers.ts";
import type { Transaction } from "./transactions/transaction.ts";

/** One final consensus block with its payload. */
export type BlockInput = {
  height: Height;
  /** Hash of the parent consensus block: parentBeaconBlockRoot (EIP-4788). */
  parentConsensusHash: Hash;
  timestampMs: number;
  coinbase: Bytes;
  prevRandao: Hash;
  /** Applied before the transactions. */
  system: readonly SystemInput[];
  /** Batches in consensus order, flattened. */
  txs: readonly Bytes[];
  /** Of `txs`, those that this process has recovered before; one of them is recovered again. */
  senders?: readonly (Bytes | undefined)[];
};

/**
 * What changes the chain and is no transaction: the only way in. `dev`: an operation of a development chain (system/operation.ts).
 * `id` is what `systemRoot` commits.
 */
export type SystemInput = { source: "dev"; id: Hash; data: Bytes };

export type SkippedTransaction = {
  hash: Hash;
  code: string /** The pool may offer it again (nonce too high, balance, fee). */;
  retry: boolean;
};
/** What the EVM said of a transaction that failed; `output` is what it reverted with, its first 1024 bytes. */
export type TransactionFailure = { error: string; output: Bytes };
/** `console`: what its contracts said to the console, each the data of a call; on chains for development. */
export type ShownReceipt = ReceiptRecord & { failure?: TransactionFailure; console?: Bytes[] };
/** What becomes known of a height when it has become `latest`: its size hardly grows with what it holds. The rest is asked for (ChainReads). */
export type ExecutedBlock = {
  result: ExecResult;
  /** Absent where the height made none: `result.number` is the newest one's then. */
  block?: HeadRecord;
  /** How many quiet blocks follow it: empty, the last is number `result.number` (execution.md 2). */
  quiet: number;
  /** Only where the height took the chain back: to what it was asked, and the block that is the newest again. */
  reverted?: { to: RevertTo; head: HeadRecord };
  /** Ids of snapshots that the height took, if any. */
  taken?: number[];
  /** How many transactions are included, how many of them failed, and the hashes of all, in order, 32 bytes each (blocks/hashes.ts). */
  txs: number;
  failed: number;
  included: Bytes;
  /** Of few transactions (20) all receipts, of more those of the first three that failed. `failure`: not when `execute` is asked for the last height again. */
  shown: ShownReceipt[];
  skipped: SkippedTransaction[];
  /** Of `BlockInput.system`, in order; `outcome`: system/outcomes.ts; `value`: what one gave its client. */
  operations: { id: Hash; outcome: Outcome; value?: number }[];
  /** Every account that the height changed, as it is after it: blocks/touched.ts. */
  touched: Bytes;
  /** Of a development chain: its controls after the height. */
  dev?: DevView;
  /** Of the block after it. */
  nextFees: Fees;
};
export type Fees = { baseFeePerGas: bigint; blobBaseFee: bigint };

/**
 * The block that would be made now on the newest one, and what the pool would put into it. Nothing of it is kept.
 * `version` counts the pool's changes: equal versions have equal `txs`.
 */
export type NextBlock = { timestampMs: number; pool: { version: number; txs: readonly Bytes[] } };

/** A state to ask: as it was until the block after a number's, or within the next block. Throws STATE_PRUNED, HEIGHT_UNKNOWN. */
export type StateId = BlockNumber | NextBlock;

export type CallRequest = {
  from?: Bytes;
  to?: Bytes;
  data?: Bytes;
  value?: bigint;
  gas?: bigint;
  gasPrice?: bigint;
  maxFeePerGas?: bigint;
  maxPriorityFeePerGas?: bigint;
  accessList?: { address: Bytes; storageKeys: Hash[] }[];
  authorizationList?: { chainId: bigint; address: Bytes; nonce: bigint; yParity: number; r: bigint; s: bigint }[];
  blobVersionedHashes?: Hash[];
  maxFeePerBlobGas?: bigint;
};
/**
 * Per account: eth_call's third parameter. `state` replaces all slots, `stateDiff` some. A precompile that stands here is an ordinary
 * account meanwhile; `movePrecompileTo`: where it answers instead.
 */
export type StateOverride = {
  address: Bytes;
  movePrecompileTo?: Bytes;
  balance?: bigint;
  nonce?: bigint;
  code?: Bytes;
  state?: [Hash, Hash][];
  stateDiff?: [Hash, Hash][];
};
/** Fields of a block's environment that a question replaces. */
export type BlockOverride = {
  number?: BlockNumber;
  timestamp?: bigint;
  gasLimit?: bigint;
  coinbase?: Bytes;
  prevRandao?: Hash;
  baseFeePerGas?: bigint;
  blobBaseFee?: bigint;
  /** Of a simulated block: what its system call stores. */
  parentBeaconBlockRoot?: Hash;
};

/**
 * Blocks on that of a number, made up of messages of anybody (eth_simulateV1). `validation`: nonces, base fee and purses count as in a
 * block. `transfers`: value that moves is told as a log of address 0xee...ee.
 */
export type Simulation = {
  blocks: readonly { block: BlockOverride; state: readonly StateOverride[]; calls: readonly (CallRequest & { nonce?: bigint })[] }[];
  validation: boolean;
  transfers: boolean;
};
/** `gasBeforeRefund`: the most that it used. */
export type SimulatedCall = CallOutcome & { gasBeforeRefund: bigint; logs: LogRecord[] };
/** `block.stateRoot` is zero: nobody made that state. `transactions`: r, s and v are 0. */
export type SimulatedBlock = { block: BlockRecord; transactions: { tx: Transaction; sender: Bytes }[]; calls: SimulatedCall[] };

export type CallOutcome = {
  ok: boolean;
  output: Bytes;
  gasUsed: bigint /** The EVM's reason when not ok: "revert", "out of gas", ... */;
  error?: string;
};

export type BlockChanges = {
  operations: { id: Hash; data: Bytes; outcome: Outcome; value?: number }[];
  skipped: SkippedTransaction[];
  /** Entries of the state's tables (state/keys.ts) as they are stored; absent: there was none. Empty where history is pruned. */
  changes: { table: "accounts" | "slots"; key: Bytes; before?: Bytes; after?: Bytes }[];
  /** Changes above the limit. */
  left: number;
};

/** `next`: where the next one begins; absent: there is none. */
export type SlotRange = { slots: { hash: Hash; key: Hash; value: bigint }[]; next?: Hash };

export type LogFilter = {
  from: BlockNumber;
  to: BlockNumber;
  addresses?: Bytes[];
  /** Position by position: any of the hashes; an empty or absent position matches everything. */
  topics?: (Hash[] | null)[];
  /** Throws LIMIT_EXCEEDED above it. */
  limit: number;
};

/** What is run with a tracer: a transaction as it was, all of a block, or a call as `ChainReads.call` runs it. */
export type TraceTarget =
  | { transaction: Hash }
  | { block: BlockNumber }
  | { call: CallRequest; at: StateId; overrides?: readonly StateOverride[] };
/** `result`: the tracer's, as JSON text. */
export type MessageTrace = { transaction?: Hash; result: string };
/** Of the chain as it was at the height `upTo`, against that of `after`. */
export type LogChangesFilter = LogFilter & { after: Height; upTo: Height };

/** Everything but `start` throws EXEC_NOT_RUNNING before it and after `stop`. */
export interface BlockExecutor {
  /** Opens the state (writing genesis into an empty store), returns the result of the last durable height and a development chain's controls after it. */
  start(): Promise<{ genesis: BlockRecord; result: ExecResult; dev?: DevView }>;
  stop(): Promise<void>;
  /**
   * In order of height; idempotent for the last height; resolves when durable. Nothing is written before `stored` (default: it is) has
   * resolved; where it rejects, nothing is kept, and this rejects with its reason. Throws NEED_MODEL (retry later), DEV_FORBIDDEN,
   * EXEC_SENDER_WRONG.
   */
  execute(block: BlockInput, stored?: Promise<void>): Promise<ExecutedBlock>;
  /** The own result; undefined above the head, or far below it. */
  result(height: Height): Promise<ExecResult | undefined>;
  /** Those of both heights and all between them, in order, as far as there are any. */
  results(from: Height, to: Height): Promise<ExecResult[]>;
}

/** Questions about state and blocks; what RPC gets. Nothing of them changes the chain. */
export interface ChainReads {
  /** Absent accounts read as empty. */
  account(at: StateId, address: Bytes): Promise<AccountRecord>;
  /** Many accounts of one height at once, for the pool. */
  accounts(height: Height, addresses: readonly Bytes[]): Promise<AccountRecord[]>;
  slot(at: StateId, address: Bytes, key: Hash): Promise<bigint>;
  code(at: StateId, address: Bytes): Promise<Bytes>;
  proof(number: BlockNumber, address: Bytes, keys: readonly Hash[]): Promise<AccountProof>;

  /** A hash names one at most: the hash of a block that the chain does not have (any more) names none. */
  block(id: BlockNumber | Hash): Promise<BlockRecord | undefined>;
  /** Of the blocks `from` to `to`, both included and as far as there are any, in order. Some hundred a call: nothing else runs meanwhile. */
  headers(from: BlockNumber, to: BlockNumber): Promise<HeaderRecord[]>;
  /** The block's transactions in order. */
  transactions(number: BlockNumber): Promise<TransactionRecord[]>;
  transaction(hash: Hash): Promise<TransactionRecord | undefined>;
  receipts(number: BlockNumber): Promise<ReceiptRecord[]>;
  receipt(txHash: Hash): Promise<ReceiptRecord | undefined>;
  logs(filter: LogFilter): Promise<LogRecord[]>;
  /** `removed`: of blocks that a revert took out, newest first. Of what came and went in between neither has anything. */
  logChanges(filter: LogChangesFilter): Promise<{ removed: LogRecord[]; added: LogRecord[] }>;
  /** Of heights above `after` up to `to`, some thousand: the blocks that were the chain's at `upTo`, in order, the newest `most`. */
  newBlocks(wanted: { after: Height; to: Height; upTo: Height; most: number }): Promise<HeaderRecord[]>;
  /** What a consensus block did beside transactions, skipped and changed, at most `limit` entries of each. */
  outcome(height: Height, limit: number): Promise<BlockChanges>;
  /** Of a contract that is or was. */
  codeOf(hash: Hash): Promise<Bytes | undefined>;
  /** Slots that are not zero, in the order of the hashes of their keys, from such a hash on. Throws STATE_PRUNED, HEIGHT_UNKNOWN. */
  storageRange(number: BlockNumber, address: Bytes, from: Hash, limit: number): Promise<SlotRange>;
  /** Accounts that are otherwise in the state of the second number than in that of the first. Throws LIMIT_EXCEEDED above it, STATE_PRUNED. */
  changedBetween(from: BlockNumber, to: BlockNumber, limit: number): Promise<Bytes[]>;
  /** All accounts, a page at a time: of the newest state, then from where a page ended. Throws STATE_PRUNED. */
  dump(from?: DumpPlace): Promise<DumpPage>;

  /** At a number: in the environment of its block. Throws TX_* where no transaction with these fields could be sent. */
  call(request: CallRequest, at: StateId, overrides?: readonly StateOverride[], block?: BlockOverride): Promise<CallOutcome>;
  /**
   * In the environment of the next block, on its state or on that of `state`. The least gas with which it succeeds.
   * Throws CALL_REVERTED {output}, CALL_FAILED {error}, TX_*.
   */
  estimateGas(
    request: CallRequest,
    next: NextBlock,
    overrides?: readonly StateOverride[],
    state?: BlockNumber,
    block?: BlockOverride,
  ): Promise<bigint>;
  /** In order, those that fill gaps between numbers too. Throws TX_*, SIM_*, CALL_OVERRIDE_INVALID. */
  simulate(simulation: Simulation, on: BlockNumber): Promise<SimulatedBlock[]>;
  /** As estimateGas. */
  createAccessList(
    request: CallRequest,
    next: NextBlock,
    state?: BlockNumber,
  ): Promise<{ accessList: { address: Bytes; storageKeys: Hash[] }[]; gasUsed: bigint; error?: string }>;
  /** Of each message in order; none: there is no such transaction. Throws STATE_PRUNED, TRACE_*, and for a call what `call` throws. */
  trace(target: TraceTarget, tracer: TracerChoice): Promise<MessageTrace[]>;
  /** Of the block after that of `number`. */
  feesAfter(number: BlockNumber): Promise<Fees>;
  /** Environment of the next block. */
  nextBlock(next: NextBlock): Promise<NextBlockRecord>;
}

export type ExecutionService = BlockExecutor & ChainReads;
