/** Receipts: Ethereum's encoding for the receipts trie (EIP-658, EIP-2718) and ours for the store, which needs no bloom. */
import { bytesToBigInt, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { ExecutedTransaction, Log } from "../engine/engine.ts";
import { asBytes, asList } from "../rlp/decode.ts";
import { type RlpItem, rlpEncode, rlpInt } from "../rlp/encode.ts";
import { bloomOf } from "./bloom.ts";

const NOTHING = new Uint8Array(0);

/** The item of the receipts trie. */
export function encodeReceipt(tx: ExecutedTransaction): Bytes {
  const body = rlpEncode([rlpInt(tx.ok ? 1 : 0), rlpInt(tx.cumulativeGasUsed), tx.logsBloom, logItems(tx.logs)]);
  return tx.type === 0 ? body : concatBytes(Uint8Array.of(tx.type), body);
}

function logItems(logs: readonly Log[]): RlpItem[] {
  return logs.map((log) => [log.address, log.topics, log.data]);
}

/** Everything of an executed transaction but its raw bytes. */
export function receiptItem(tx: ExecutedTransaction): RlpItem {
  return [
    tx.hash,
    rlpInt(tx.type),
    tx.sender,
    rlpInt(tx.nonce),
    tx.to ?? NOTHING,
    tx.contractAddress ?? NOTHING,
    rlpInt(tx.ok ? 1 : 0),
    rlpInt(tx.gasUsed),
    rlpInt(tx.cumulativeGasUsed),
    rlpInt(tx.effectiveGasPrice),
    tx.blobGasUsed === undefined ? [] : [rlpInt(tx.blobGasUsed), rlpInt(tx.blobGasPrice ?? 0n)],
    logItems(tx.logs),
  ];
}

export function receiptOfItem(item: RlpItem, raw: Bytes): ExecutedTransaction {
  const f = asList(item);
  const bytes = (i: number) => asBytes(f[i]);
  const int = (i: number) => bytesToBigInt(bytes(i));
  const blob = asList(f[10]);
  const logs = asList(f[11]).map((entry) => {
    const [address, topics, data] = asList(entry);
    return { address: asBytes(address), topics: asList(topics).map(asBytes), data: asBytes(data) };
  });
  return {
    hash: bytes(0),
    raw,
    type: Number(int(1)),
    sender: bytes(2),
    nonce: int(3),
    to: bytes(4).length === 0 ? undefined : bytes(4),
    contractAddress: bytes(5).length === 0 ? undefined : bytes(5),
    ok: int(6) === 1n,
    gasUsed: int(7),
    cumulativeGasUsed: int(8),
    effectiveGasPrice: int(9),
    ...(blob.length === 2 ? { blobGasUsed: bytesToBigInt(asBytes(blob[0])), blobGasPrice: bytesToBigInt(asBytes(blob[1])) } : {}),
    logs,
    logsBloom: bloomOf(logs),
  };
}
