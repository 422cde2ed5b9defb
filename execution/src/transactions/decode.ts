/**
 * Signed transactions, once from bytes (EIP-2718 envelopes):
 *   legacy  rlp([nonce, gasPrice, gasLimit, to, value, data, v, r, s])                              EIP-155
 *   0x01 || rlp([chainId, nonce, gasPrice, gasLimit, to, value, data, accessList, yParity, r, s])   EIP-2930
 *   0x02 || rlp([chainId, nonce, tip, feeCap, gasLimit, to, value, data, accessList, yParity, r, s]) EIP-1559
 *   0x03 || rlp([..., accessList, maxFeePerBlobGas, blobVersionedHashes, yParity, r, s])             EIP-4844
 *   0x04 || rlp([..., accessList, authorizationList, yParity, r, s])                                 EIP-7702
 */
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createReader, expectEnd, type RlpReader, readList, readString, readUint } from "../rlp/reader.ts";
import { readAccessList, readAuthorizations, readHashes } from "./decode-lists.ts";
import { txError } from "./errors.ts";
import { checkSignatureRange, legacyParity, parityOf } from "./signature.ts";
import type { Transaction, TransactionType } from "./transaction.ts";

/** geth's limit for a transaction without sidecar, and the only one: whatever decodes fits into a batch. */
export const MAX_TRANSACTION_BYTES = 131_072;

export function checkSize({ length }: Bytes, limit: number): void {
  if (length <= limit) return;
  throw txError("TX_TOO_LARGE", `oversized data: transaction size ${length}, limit ${limit}`, { bytes: length, limit });
}

/** Canonical bytes (as in a batch or a block), `hash` where it is known. Checks form, ranges and low s, not the fork's rules; throws TX_*, RLP_INVALID. */
export function decodeTransaction(raw: Bytes, hash?: Hash): Transaction {
  checkSize(raw, MAX_TRANSACTION_BYTES);
  return decodeCanonical(raw, hash);
}

/** As decodeTransaction, of any size: the bound is the node's, not Ethereum's. */
export function decodeCanonical(raw: Bytes, hash?: Hash): Transaction {
  const first = raw[0] ?? 0x80;
  if (first >= 0xc0) return decodeLegacy(raw, hash);
  if (first < 1 || first > 4)
    throw txError("TX_TYPE_UNSUPPORTED", `transaction type not supported: first byte is ${raw[0] ?? "missing"}`, { type: raw[0] });
  return decodeTyped(raw, first as Exclude<TransactionType, 0>, hash);
}

function decodeLegacy(raw: Bytes, hash = keccak256(raw)): Transaction {
  const r = openBody(raw, 0);
  const nonce = readUint(r, 8, "nonce");
  const gasPrice = readUint(r, 32, "gasPrice");
  const body = readCall(r);
  const v = readUint(r, 32, "v");
  const fees = { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice, gasPrice };
  return { type: 0, hash, raw, nonce, ...fees, ...body, accessList: [], v, ...legacyParity(v), ...readSignature(r) };
}

function decodeTyped(raw: Bytes, type: Exclude<TransactionType, 0>, hash = keccak256(raw)): Transaction {
  const r = openBody(raw, 1);
  const chainId = readUint(r, 32, "chainId");
  const nonce = readUint(r, 8, "nonce");
  const fees = type === 1 ? readGasPrice(r) : readFees(r);
  const body = readCall(r);
  const accessList = readAccessList(r);
  const extra = type === 3 ? readBlobFields(r) : type === 4 ? { authorizationList: readAuthorizations(r) } : undefined;
  const v = readUint(r, 32, "yParity");
  return {
    type,
    hash,
    raw,
    chainId,
    nonce,
    ...fees,
    ...body,
    accessList,
    ...extra,
    yParity: parityOf(v),
    v,
    ...readSignature(r),
  };
}

function openBody(raw: Bytes, at: number): RlpReader {
  const outer = createReader(raw, at);
  const body = readList(outer, "transaction");
  expectEnd(outer, "transaction");
  return body;
}

function readGasPrice(r: RlpReader) {
  const gasPrice = readUint(r, 32, "gasPrice");
  return { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice, gasPrice };
}

function readFees(r: RlpReader) {
  const maxPriorityFeePerGas = readUint(r, 32, "maxPriorityFeePerGas");
  return { maxPriorityFeePerGas, maxFeePerGas: readUint(r, 32, "maxFeePerGas") };
}

function readCall(r: RlpReader) {
  const gasLimit = readUint(r, 8, "gasLimit");
  const to = readString(r, "to");
  if (to.length !== 0 && to.length !== 20)
    throw txError("TX_FIELD_INVALID", `to has ${to.length} bytes, not 0 or 20`, { field: "to", bytes: to.length });
  const value = readUint(r, 32, "value");
  const data = readString(r, "data");
  return to.length === 0 ? { gasLimit, value, data } : { gasLimit, to, value, data };
}

function readBlobFields(r: RlpReader) {
  const maxFeePerBlobGas = readUint(r, 32, "maxFeePerBlobGas");
  return { maxFeePerBlobGas, blobVersionedHashes: readHashes(r, "blobVersionedHashes") };
}

function readSignature(reader: RlpReader): { r: bigint; s: bigint } {
  const r = readUint(reader, 32, "r");
  const s = readUint(reader, 32, "s");
  expectEnd(reader, "transaction");
  checkSignatureRange(r, s);
  return { r, s };
}
