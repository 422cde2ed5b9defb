/** Transactions and receipts as execution-apis shapes them, by type. */
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { LogRecord, ReceiptRecord, TransactionRecord } from "@noema/execution/records";
import { effectiveGasPrice } from "@noema/execution/rules/fees";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import type { Transaction } from "@noema/execution/transactions/transaction";
import type { PooledTransaction } from "../deps.ts";
import { addressOrNull, quantityHex } from "./hex.ts";

type Unsigned = Omit<Transaction, "hash" | "raw" | "yParity" | "v" | "r" | "s">;

function feeFields(tx: Unsigned, baseFee: bigint | undefined): Record<string, unknown> {
  if (tx.type < 2) return { gasPrice: quantityHex(tx.gasPrice as bigint) };
  return {
    gasPrice: quantityHex(baseFee === undefined ? tx.maxFeePerGas : effectiveGasPrice(tx, baseFee)),
    maxFeePerGas: quantityHex(tx.maxFeePerGas),
    maxPriorityFeePerGas: quantityHex(tx.maxPriorityFeePerGas),
  };
}

function listFields(tx: Unsigned): Record<string, unknown> {
  if (tx.type === 0) return {};
  const out: Record<string, unknown> = {
    accessList: tx.accessList.map((x) => ({ address: to0x(x.address), storageKeys: x.storageKeys.map(to0x) })),
  };
  if (tx.type === 3) {
    out.maxFeePerBlobGas = quantityHex(tx.maxFeePerBlobGas as bigint);
    out.blobVersionedHashes = (tx.blobVersionedHashes ?? []).map(to0x);
  }
  if (tx.type === 4) {
    out.authorizationList = (tx.authorizationList ?? []).map((x) => ({
      chainId: quantityHex(x.chainId),
      address: to0x(x.address),
      nonce: quantityHex(x.nonce),
      yParity: quantityHex(x.yParity),
      r: quantityHex(x.r),
      s: quantityHex(x.s),
    }));
  }
  return out;
}

function signatureFields(tx: Transaction): Record<string, unknown> {
  const rs = { r: quantityHex(tx.r), s: quantityHex(tx.s) };
  return tx.type === 0 ? { v: quantityHex(tx.v), ...rs } : { v: quantityHex(tx.v), yParity: quantityHex(tx.yParity), ...rs };
}

export function renderTransaction(record: TransactionRecord): Record<string, unknown> {
  return renderDecoded(decodeTransaction(record.raw), record.sender, record.block);
}

/** Pending: the fields of the block are null. */
export function renderPooled({ tx, sender }: PooledTransaction): Record<string, unknown> {
  return renderDecoded(tx, sender, undefined);
}

/** execution-apis' TransactionUnsigned. `baseFee`: of its block, if it has one. */
export function renderUnsigned(tx: Unsigned, baseFee?: bigint): Record<string, unknown> {
  return {
    type: quantityHex(tx.type),
    ...(tx.chainId === undefined ? {} : { chainId: quantityHex(tx.chainId) }),
    nonce: quantityHex(tx.nonce),
    to: addressOrNull(tx.to),
    value: quantityHex(tx.value),
    gas: quantityHex(tx.gasLimit),
    ...feeFields(tx, baseFee),
    input: to0x(tx.data),
    ...listFields(tx),
  };
}

/** TransactionSigned. */
export function renderSigned(tx: Transaction, baseFee?: bigint): Record<string, unknown> {
  return { ...renderUnsigned(tx, baseFee), ...signatureFields(tx) };
}

/** TransactionInfo. */
export function renderDecoded(tx: Transaction, sender: Bytes, block: TransactionRecord["block"]): Record<string, unknown> {
  return {
    blockHash: block ? to0x(block.hash) : null,
    blockNumber: block ? quantityHex(block.number) : null,
    blockTimestamp: block ? quantityHex(block.timestamp) : null,
    transactionIndex: block ? quantityHex(block.index) : null,
    hash: to0x(tx.hash),
    from: to0x(sender),
    ...renderSigned(tx, block?.baseFeePerGas),
  };
}

/** `removed`: its block is of the chain no more. */
export function renderLog(log: LogRecord, removed = false): Record<string, unknown> {
  return {
    address: to0x(log.address),
    topics: log.topics.map(to0x),
    data: to0x(log.data),
    blockNumber: quantityHex(log.number),
    blockHash: to0x(log.blockHash),
    blockTimestamp: quantityHex(log.blockTimestamp),
    transactionHash: to0x(log.txHash),
    transactionIndex: quantityHex(log.txIndex),
    logIndex: quantityHex(log.logIndex),
    removed,
  };
}

export function renderReceipt(receipt: ReceiptRecord): Record<string, unknown> {
  return {
    transactionHash: to0x(receipt.txHash),
    transactionIndex: quantityHex(receipt.txIndex),
    blockHash: to0x(receipt.blockHash),
    blockNumber: quantityHex(receipt.number),
    from: to0x(receipt.from),
    to: addressOrNull(receipt.to),
    contractAddress: addressOrNull(receipt.contractAddress),
    type: quantityHex(receipt.type),
    status: receipt.ok ? "0x1" : "0x0",
    gasUsed: quantityHex(receipt.gasUsed),
    cumulativeGasUsed: quantityHex(receipt.cumulativeGasUsed),
    effectiveGasPrice: quantityHex(receipt.effectiveGasPrice),
    ...(receipt.blobGasUsed === undefined ? {} : { blobGasUsed: quantityHex(receipt.blobGasUsed) }),
    ...(receipt.blobGasPrice === undefined ? {} : { blobGasPrice: quantityHex(receipt.blobGasPrice) }),
    logsBloom: to0x(receipt.logsBloom),
    logs: receipt.logs.map((log) => renderLog(log)),
  };
}
