/** Blocks, transactions and receipts as the rest of the node sees them (api.ts). */
import type { ExecResult } from "@noema/core/ports/application";
import type { Bytes } from "@noema/core/ports/bytes";
import type { BlockRecord, LogRecord, ReceiptRecord, TransactionRecord } from "../api.ts";
import type { ExecutedTransaction } from "../engine/engine.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { NO_REQUESTS } from "./header.ts";
import type { StoredBlock } from "./store.ts";

export function blockRecord({ header, headerRlp, hash }: StoredBlock, executed: readonly ExecutedTransaction[]): BlockRecord {
  return {
    ...header,
    hash,
    headerRlp,
    withdrawalsRoot: EMPTY_ROOT,
    requestsHash: NO_REQUESTS,
    size: blockSize(
      headerRlp,
      executed.map((tx) => tx.raw),
    ),
    txHashes: executed.map((tx) => tx.hash),
  };
}

export function execResult({ header, hash, skippedRoot }: StoredBlock): ExecResult {
  const { height, stateRoot, receiptsRoot, gasUsed } = header;
  return { height, evmBlockHash: hash, stateRoot, receiptsRoot, gasUsed, skippedRoot };
}

export function transactionRecord(tx: ExecutedTransaction, index: number, { header, hash }: StoredBlock): TransactionRecord {
  const { height, baseFeePerGas, timestamp } = header;
  return { hash: tx.hash, raw: tx.raw, sender: tx.sender, block: { height, hash, index, baseFeePerGas, timestamp } };
}

export function receiptRecords(executed: readonly ExecutedTransaction[], block: StoredBlock): ReceiptRecord[] {
  let logIndex = 0;
  return executed.map((tx, txIndex) => {
    const logs = tx.logs.map((log) => logRecord(tx, txIndex, logIndex++, log, block));
    return {
      txHash: tx.hash,
      txIndex,
      type: tx.type,
      height: block.header.height,
      blockHash: block.hash,
      blockTimestamp: block.header.timestamp,
      from: tx.sender,
      to: tx.to,
      contractAddress: tx.contractAddress,
      ok: tx.ok,
      gasUsed: tx.gasUsed,
      cumulativeGasUsed: tx.cumulativeGasUsed,
      effectiveGasPrice: tx.effectiveGasPrice,
      blobGasUsed: tx.blobGasUsed,
      blobGasPrice: tx.blobGasPrice,
      logsBloom: tx.logsBloom,
      logs,
    };
  });
}

function logRecord(
  tx: ExecutedTransaction,
  txIndex: number,
  logIndex: number,
  log: ExecutedTransaction["logs"][number],
  { header, hash }: StoredBlock,
): LogRecord {
  return { ...log, height: header.height, blockHash: hash, blockTimestamp: header.timestamp, txHash: tx.hash, txIndex, logIndex };
}

/** Length of RLP [header, transactions, no ommers, no withdrawals]; a typed transaction stands as a byte string. */
function blockSize(headerRlp: Bytes, raws: readonly Bytes[]): number {
  let txs = 0;
  for (const raw of raws) txs += (raw[0] as number) >= 0xc0 ? raw.length : headed(raw.length);
  return headed(headerRlp.length + headed(txs) + 2);
}

/** With the RLP header of an item of that many bytes. */
function headed(length: number): number {
  return length + (length < 56 ? 1 : 1 + Math.ceil(Math.log2(length + 1) / 8));
}
