/** Receipts: Ethereum's encoding for the receipts trie (EIP-658, EIP-2718) and ours for the store, which leaves out what follows. */
import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { ExecutedTransaction, Log } from "../engine/engine.ts";
import { asBytes, asList } from "../rlp/decode.ts";
import { type RlpInput, type RlpItem, rlpLength, rlpWrite } from "../rlp/encode.ts";
import { createdAddress } from "../rules/created-address.ts";
import { effectiveGasPrice } from "../rules/fees.ts";
import { decodeCanonical } from "../transactions/decode.ts";
import { bloomOf, NO_BLOOM } from "./bloom.ts";

/** What the receipts trie commits of a transaction. */
export type EncodedReceipt = Pick<ExecutedTransaction, "type" | "ok" | "cumulativeGasUsed" | "logsBloom" | "logs">;

/** Gives the item of the receipts trie; a view that the next one overwrites. */
export function createReceiptEncoder(): (tx: EncodedReceipt) => Bytes {
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

/** Gas of a plain transfer (Yellow Paper, appendix G). */
const TRANSFER_GAS = 21_000n;

/** Everything of an executed transaction that does not follow from its raw bytes, the block's base fee and what came before; of a plain transfer its sender. */
export function receiptItem(tx: ExecutedTransaction): RlpInput {
  const { sender, ok, gasUsed, logs } = tx;
  if (ok && gasUsed === TRANSFER_GAS && logs.length === 0 && tx.blobGasUsed === undefined) return sender;
  const blob = tx.blobGasUsed === undefined ? [] : [tx.blobGasUsed, tx.blobGasPrice ?? 0n];
  return [sender, ok ? 1 : 0, gasUsed, blob, logItems(logs)];
}

/** `logs`: how many. */
export function gasOfItem(item: RlpItem): { gasUsed: bigint; logs: number } {
  if (item instanceof Uint8Array) return { gasUsed: TRANSFER_GAS, logs: 0 };
  return { gasUsed: bytesToBigInt(asBytes(item[2])), logs: asList(item[4]).length };
}

/** `gasBefore`: what the block's transactions before it used. Throws RLP_INVALID. */
export function receiptOfItem(
  item: RlpItem,
  raw: Bytes,
  { baseFee, gasBefore }: { baseFee: bigint; gasBefore: bigint },
): ExecutedTransaction {
  const decoded = decodeCanonical(raw);
  const { hash, type, nonce, to } = decoded;
  const [from, ok, , blob, logs] = item instanceof Uint8Array ? [item, Uint8Array.of(1), undefined, [], []] : item;
  const sender = asBytes(from);
  const blobGas = asList(blob).map((x) => bytesToBigInt(asBytes(x)));
  const { gasUsed } = gasOfItem(item);
  const decodedLogs = asList(logs).map((entry) => {
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
    ok: asBytes(ok).length > 0,
    gasUsed,
    cumulativeGasUsed: gasBefore + gasUsed,
    effectiveGasPrice: effectiveGasPrice(decoded, baseFee),
    ...(blobGas.length === 2 ? { blobGasUsed: blobGas[0], blobGasPrice: blobGas[1] } : {}),
    logs: decodedLogs,
    logsBloom: decodedLogs.length === 0 ? NO_BLOOM : bloomOf(decodedLogs),
  };
}
