/** Blocks, transactions and receipts as the rest of the node sees them (api.ts). */
import { ZERO_HASH } from "@noema/core/bytes";
import type { ExecResult } from "@noema/core/ports/application";
import type { BlockRecord, HeaderRecord, HeadRecord, ReceiptRecord, TransactionRecord } from "../records.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import type { Listed, StoredTransaction } from "./bodies.ts";
import { NO_REQUESTS } from "./header.ts";
import { blockSize } from "./size.ts";
import type { StoredBlock, StoredHeight } from "./store.ts";

export function blockRecord(block: StoredBlock, { hashes, listed }: Listed): BlockRecord {
  return { ...headRecord(block, listed), txHashes: [...hashes] };
}

export function headRecord({ header, headerRlp, hash, height }: StoredBlock, listed: number): HeadRecord {
  return {
    ...header,
    height,
    hash,
    headerRlp,
    withdrawalsRoot: EMPTY_ROOT,
    requestsHash: NO_REQUESTS,
    size: blockSize(headerRlp, listed),
  };
}

export function headerRecord({ header, hash, height }: StoredBlock): HeaderRecord {
  const { number, timestamp, gasLimit, gasUsed, baseFeePerGas, blobGasUsed, excessBlobGas } = header;
  return { number, height, hash, timestamp, gasLimit, gasUsed, baseFeePerGas, blobGasUsed, excessBlobGas };
}

/** `newest`: the EVM block that is the newest after the height. */
export function execResult({ block, newest: _, quiet: __, ...after }: StoredHeight, newest: StoredBlock): ExecResult {
  const { receiptsRoot, gasUsed } = block?.header ?? { receiptsRoot: ZERO_HASH, gasUsed: 0n };
  return { ...after, evmBlockHash: newest.hash, receiptsRoot, gasUsed };
}

export function transactionRecord({ tx, index }: StoredTransaction, { header, hash }: StoredBlock): TransactionRecord {
  const { number, baseFeePerGas, timestamp } = header;
  return { hash: tx.hash, raw: tx.raw.slice(), sender: tx.sender.slice(), block: { number, hash, index, baseFeePerGas, timestamp } };
}

export function receiptRecord({ tx, index, firstLog }: StoredTransaction, { header, hash }: StoredBlock): ReceiptRecord {
  const at = { number: header.number, blockHash: hash, blockTimestamp: header.timestamp, txHash: tx.hash, txIndex: index };
  return {
    ...at,
    type: tx.type,
    from: tx.sender.slice(), // a view of all that came with it would travel whole
    to: tx.to?.slice(),
    contractAddress: tx.contractAddress,
    ok: tx.ok,
    gasUsed: tx.gasUsed,
    cumulativeGasUsed: tx.cumulativeGasUsed,
    effectiveGasPrice: tx.effectiveGasPrice,
    blobGasUsed: tx.blobGasUsed,
    blobGasPrice: tx.blobGasPrice,
    logsBloom: tx.logsBloom,
    logs: tx.logs.map((log, i) => ({ ...log, ...at, logIndex: firstLog + i })),
  };
}
