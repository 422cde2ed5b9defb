/** Receipts: Ethereum's encoding for the receipts trie (EIP-658, EIP-2718) and ours for the store, which leaves out what follows from the transaction, and the bloom. */
import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { ExecutedTransaction, Log } from "../engine/engine.ts";
import { asBytes, asList } from "../rlp/decode.ts";
import { type RlpInput, type RlpItem, rlpLength, rlpWrite } from "../rlp/encode.ts";
import { createdAddress } from "../rules/created-address.ts";
import { decodeCanonical } from "../transactions/decode.ts";
import { bloomOf, NO_BLOOM } from "./bloom.ts";

/** Gives the item of the receipts trie; a view that the next one overwrites. */
export function createReceiptEncoder(): (tx: ExecutedTransaction) => Bytes {
  let scratch = new Uint8Array(1024);
  return (tx) => {
    const body = [tx.ok ? 1 : 0, tx.cumulativeGasUsed, tx.logsBloom, logItems(tx.logs)];
    const length = 1 + rlpLength(body);
    if (scratch.length < length) scratch = new Uint8Array(2 * length);
    scratch[0] = tx.type;
    const end = rlpWrite(body, scratch, 1);
    return scratch.subarray(tx.type === 0 ? 1 : 0, end);
  };
}

function logItems(logs: readonly Log[]): RlpInput[] {
  return logs.map((log) => [log.address, log.topics, log.data]);
}

/** Everything of an executed transaction that does not follow from its raw bytes. */
export function receiptItem(tx: ExecutedTransaction): RlpInput {
  const blob = tx.blobGasUsed === undefined ? [] : [tx.blobGasUsed, tx.blobGasPrice ?? 0n];
  const { sender, gasUsed, cumulativeGasUsed, effectiveGasPrice, logs } = tx;
  return [sender, tx.ok ? 1 : 0, gasUsed, cumulativeGasUsed, effectiveGasPrice, blob, logItems(logs)];
}

export function receiptOfItem(item: RlpItem, raw: Bytes): ExecutedTransaction {
  const f = asList(item);
  const int = (i: number) => bytesToBigInt(asBytes(f[i]));
  const { hash, type, nonce, to } = decodeCanonical(raw);
  const sender = asBytes(f[0]);
  const blob = asList(f[5]);
  const logs = asList(f[6]).map((entry) => {
    const [address, topics, data] = asList(entry);
    return { address: asBytes(address), topics: asList(topics).map(asBytes), data: asBytes(data) };
  });
  return {
    hash,
    raw,
    type,
    sender,
    nonce,
    to,
    contractAddress: to === undefined ? createdAddress(sender, nonce) : undefined,
    ok: int(1) === 1n,
    gasUsed: int(2),
    cumulativeGasUsed: int(3),
    effectiveGasPrice: int(4),
    ...(blob.length === 2 ? { blobGasUsed: bytesToBigInt(asBytes(blob[0])), blobGasPrice: bytesToBigInt(asBytes(blob[1])) } : {}),
    logs,
    logsBloom: logs.length === 0 ? NO_BLOOM : bloomOf(logs),
  };
}
