/**
 * Signed transactions, once from bytes (EIP-2718 envelopes):
 *   legacy  rlp([nonce, gasPrice, gasLimit, to, value, data, v, r, s])                              EIP-155
 *   0x01 || rlp([chainId, nonce, gasPrice, gasLimit, to, value, data, accessList, yParity, r, s])   EIP-2930
 *   0x02 || rlp([chainId, nonce, tip, feeCap, gasLimit, to, value, data, accessList, yParity, r, s]) EIP-1559
 *   0x03 || rlp([..., accessList, maxFeePerBlobGas, blobVersionedHashes, yParity, r, s])             EIP-4844
 *   0x04 || rlp([..., accessList, authorizationList, yParity, r, s])                                 EIP-7702
 *   0x7f                                                                                             impersonated.ts
 */
import { bytesToBigInt } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createReader, expectEnd, type RlpReader, readList, readString, readUint } from "../rlp/reader.ts";
import { readAccessList, readAuthorizations, readHashes } from "./decode-lists.ts";
import { txError } from "./errors.ts";
import { isImpersonated, openImpersonated } from "./impersonated.ts";
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
export function decodeCanonical(raw: Bytes, hash = keccak256(raw)): Transaction {
  if (!isImpersonated(raw)) return { hash, raw, ...readFields(raw, readSigned) };
  const { sender, payload } = openImpersonated(raw);
  return { hash, raw, ...readFields(payload, (r, type) => readUnsigned(r, type, sender)) };
}

/** What stands behind the fields: who sent them. */
type End = Pick<Transaction, "chainId" | "yParity" | "v" | "r" | "s" | "impersonated">;
type ReadEnd = (r: RlpReader, type: TransactionType) => End;

function readFields(bytes: Bytes, readEnd: ReadEnd): Omit<Transaction, "hash" | "raw"> {
  const first = bytes[0] ?? 0x80;
  if (first >= 0xc0) return readLegacy(bytes, readEnd);
  if (first < 1 || first > 4)
    throw txError("TX_TYPE_UNSUPPORTED", `transaction type not supported: first byte is ${bytes[0] ?? "missing"}`, { type: bytes[0] });
  return readTyped(bytes, first as Exclude<TransactionType, 0>, readEnd);
}

function readLegacy(bytes: Bytes, readEnd: ReadEnd): Omit<Transaction, "hash" | "raw"> {
  const r = openBody(bytes, 0);
  const nonce = readUint(r, 8, "nonce");
  const gasPrice = readUint(r, 32, "gasPrice");
  const body = readCall(r);
  const fees = { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice, gasPrice };
  return { type: 0, nonce, ...fees, ...body, accessList: [], ...readEnd(r, 0) };
}

function readTyped(bytes: Bytes, type: Exclude<TransactionType, 0>, readEnd: ReadEnd): Omit<Transaction, "hash" | "raw"> {
  const r = openBody(bytes, 1);
  const chainId = readUint(r, 32, "chainId");
  const nonce = readUint(r, 8, "nonce");
  const fees = type === 1 ? readGasPrice(r) : readFees(r);
  const body = readCall(r);
  const accessList = readAccessList(r);
  const extra = type === 3 ? readBlobFields(r) : type === 4 ? { authorizationList: readAuthorizations(r) } : undefined;
  return { type, chainId, nonce, ...fees, ...body, accessList, ...extra, ...readEnd(r, type) };
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

function readSigned(reader: RlpReader, type: TransactionType): End {
  const v = readUint(reader, 32, type === 0 ? "v" : "yParity");
  const parity = type === 0 ? legacyParity(v) : { yParity: parityOf(v) };
  const r = readUint(reader, 32, "r");
  const s = readUint(reader, 32, "s");
  expectEnd(reader, "transaction");
  checkSignatureRange(r, s);
  return { ...parity, v, r, s };
}

/** As clients are shown it: r and s are the sender. */
function readUnsigned(reader: RlpReader, type: TransactionType, impersonated: Bytes): End {
  const replay = type === 0 ? { chainId: readReplayFields(reader) } : undefined;
  expectEnd(reader, "transaction");
  const who = bytesToBigInt(impersonated);
  return { ...replay, yParity: 0, v: 0n, r: who, s: who, impersonated };
}

/** EIP-155: chainId, 0, 0. */
function readReplayFields(r: RlpReader): bigint {
  const chainId = readUint(r, 32, "chainId");
  for (const field of ["r", "s"])
    if (readUint(r, 32, field) !== 0n) throw txError("TX_FIELD_INVALID", `${field} is not 0 where nobody signed`, { field });
  return chainId;
}
