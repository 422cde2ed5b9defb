/** Transactions of every type from their fields (EIP-155, 2930, 1559, 4844, 7702). */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { type RlpItem, rlpEncode, rlpInt } from "../rlp/encode.ts";
import type { AccessListItem, Authorization, TransactionType } from "./transaction.ts";

export type UnsignedTransaction = {
  type: TransactionType;
  chainId: bigint;
  nonce: bigint;
  to?: Bytes;
  value: bigint;
  gas: bigint;
  gasPrice: bigint;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  data: Bytes;
  accessList: readonly AccessListItem[];
  authorizationList: readonly Authorization[];
  /** Of type 3. */
  maxFeePerBlobGas?: bigint;
  blobVersionedHashes?: readonly Hash[];
};

const EMPTY = new Uint8Array();

function accessListItem(tx: UnsignedTransaction): RlpItem {
  return tx.accessList.map((x) => [x.address, x.storageKeys]);
}

function authorizationItem(tx: UnsignedTransaction): RlpItem {
  return tx.authorizationList.map((a) => [rlpInt(a.chainId), a.address, rlpInt(a.nonce), rlpInt(a.yParity), rlpInt(a.r), rlpInt(a.s)]);
}

/** The members before the signature. */
export function transactionFields(tx: UnsignedTransaction): RlpItem[] {
  const call = [rlpInt(tx.gas), tx.to ?? EMPTY, rlpInt(tx.value), tx.data];
  if (tx.type === 0) return [rlpInt(tx.nonce), rlpInt(tx.gasPrice), ...call];
  if (tx.type === 1) return [rlpInt(tx.chainId), rlpInt(tx.nonce), rlpInt(tx.gasPrice), ...call, accessListItem(tx)];
  const fees = [rlpInt(tx.maxPriorityFeePerGas), rlpInt(tx.maxFeePerGas)];
  const fields = [rlpInt(tx.chainId), rlpInt(tx.nonce), ...fees, ...call, accessListItem(tx)];
  if (tx.type === 3) return [...fields, rlpInt(tx.maxFeePerBlobGas ?? 0n), tx.blobVersionedHashes ?? []];
  return tx.type === 4 ? [...fields, authorizationItem(tx)] : fields;
}

export function envelope(type: number, items: readonly RlpItem[]): Bytes {
  return type === 0 ? rlpEncode(items) : concatBytes(Uint8Array.of(type), rlpEncode(items));
}

/** As geth marshals a transaction that is not signed: v, r and s are 0. */
export function encodeUnsigned(tx: UnsignedTransaction): Bytes {
  return envelope(tx.type, [...transactionFields(tx), EMPTY, EMPTY, EMPTY]);
}
