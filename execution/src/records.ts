/** What the chain is shown as: blocks, transactions, receipts, logs, accounts. Every value can be structured-cloned. */
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";

export type BlockRecord = {
  number: BlockNumber;
  /** Of the consensus block that carried it. */
  height: Height;
  hash: Hash;
  parentHash: Hash;
  /** RLP of the Ethereum header: keccak256 of it is `hash`. */
  headerRlp: Bytes;
  stateRoot: Hash;
  transactionsRoot: Hash;
  receiptsRoot: Hash;
  withdrawalsRoot: Hash;
  parentBeaconBlockRoot: Hash;
  requestsHash: Hash;
  logsBloom: Bytes;
  coinbase: Bytes;
  prevRandao: Hash;
  extraData: Bytes;
  timestamp: bigint;
  gasLimit: bigint;
  gasUsed: bigint;
  baseFeePerGas: bigint;
  blobGasUsed: bigint;
  excessBlobGas: bigint;
  /** Size in bytes of the block's RLP. */
  size: number;
  txHashes: Hash[];
};

/** Without its transactions. */
export type HeadRecord = Omit<BlockRecord, "txHashes">;

/** What the header of a block says of its place and its gas. */
export type HeaderRecord = Pick<
  BlockRecord,
  "number" | "height" | "hash" | "timestamp" | "gasLimit" | "gasUsed" | "baseFeePerGas" | "blobGasUsed" | "excessBlobGas"
>;

/** What can be known of a block before it is made. */
export type NextBlockRecord = Pick<
  BlockRecord,
  "number" | "parentHash" | "coinbase" | "prevRandao" | "timestamp" | "gasLimit" | "baseFeePerGas" | "excessBlobGas"
>;

export type TransactionRecord = {
  hash: Hash;
  raw: Bytes;
  sender: Bytes;
  /** Absent while pending. */
  block?: { number: BlockNumber; hash: Hash; index: number; baseFeePerGas: bigint; timestamp: bigint };
};

export type LogRecord = {
  address: Bytes;
  topics: Hash[];
  data: Bytes;
  number: BlockNumber;
  blockHash: Hash;
  blockTimestamp: bigint;
  txHash: Hash;
  txIndex: number;
  logIndex: number;
};

export type ReceiptRecord = {
  txHash: Hash;
  txIndex: number;
  type: number;
  number: BlockNumber;
  blockHash: Hash;
  blockTimestamp: bigint;
  from: Bytes;
  to?: Bytes;
  contractAddress?: Bytes;
  ok: boolean;
  gasUsed: bigint;
  cumulativeGasUsed: bigint;
  effectiveGasPrice: bigint;
  blobGasUsed?: bigint;
  blobGasPrice?: bigint;
  logsBloom: Bytes;
  logs: LogRecord[];
};

export type AccountRecord = { nonce: bigint; balance: bigint; codeHash: Hash; storageRoot: Hash };

export type AccountProof = {
  account: AccountRecord;
  accountProof: Bytes[];
  storage: { key: Hash; value: bigint; proof: Bytes[] }[];
};
