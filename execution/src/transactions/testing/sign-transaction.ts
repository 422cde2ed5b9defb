/** Signs transactions for tests and measurements, without a client library. */
import { bytesToBigInt, concatBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { type RlpItem, rlpEncode, rlpInt } from "../../rlp/encode.ts";
import { signHash } from "../secp256k1.ts";
import type { AccessListItem } from "../transaction.ts";

export type TransactionFields = {
  /** Default 2. */
  type?: 0 | 1 | 2 | 3 | 4;
  /** Absent: a legacy transaction without replay protection. */
  chainId?: bigint;
  nonce?: bigint;
  gasLimit?: bigint;
  to?: Bytes | null;
  value?: bigint;
  data?: Bytes;
  maxFeePerGas?: bigint;
  maxPriorityFeePerGas?: bigint;
  accessList?: readonly AccessListItem[];
  maxFeePerBlobGas?: bigint;
  blobVersionedHashes?: readonly Bytes[];
  authorizations?: readonly Field[];
};

/** Integers are written in their shortest form. */
type Field = Bytes | bigint | number | readonly Field[];
const EMPTY = new Uint8Array(0);

/** Canonical bytes; the defaults are a transfer of 0 to the zero address. */
export function signTransaction(fields: TransactionFields, secretKey: Bytes): Bytes {
  const type = fields.type ?? 2;
  return type === 0 ? signLegacy(fields, secretKey) : signTyped(type, fields, secretKey);
}

function signLegacy(fields: TransactionFields, secretKey: Bytes): Bytes {
  const body = [fields.nonce ?? 0n, fields.maxFeePerGas ?? 10n ** 9n, ...call(fields)];
  const replay = fields.chainId === undefined ? [] : [fields.chainId, 0, 0];
  const { signature, yParity } = signHash(keccak256(encode([...body, ...replay])), secretKey);
  const v = fields.chainId === undefined ? 27 + yParity : fields.chainId * 2n + 35n + BigInt(yParity);
  return encode([...body, v, ...rs(signature)]);
}

function signTyped(type: number, fields: TransactionFields, secretKey: Bytes): Bytes {
  const feeCap = fields.maxFeePerGas ?? 10n ** 9n;
  const fees = type === 1 ? [feeCap] : [fields.maxPriorityFeePerGas ?? 0n, feeCap];
  const accessList = (fields.accessList ?? []).map((item) => [item.address, item.storageKeys]);
  const extra =
    type === 3 ? [fields.maxFeePerBlobGas ?? 1n, fields.blobVersionedHashes ?? []] : type === 4 ? [fields.authorizations ?? []] : [];
  const body = [fields.chainId ?? 1n, fields.nonce ?? 0n, ...fees, ...call(fields), accessList, ...extra];
  const { signature, yParity } = signHash(keccak256(concatBytes(Uint8Array.of(type), encode(body))), secretKey);
  return concatBytes(Uint8Array.of(type), encode([...body, yParity, ...rs(signature)]));
}

function call(fields: TransactionFields): Field[] {
  const to = fields.to === null ? EMPTY : (fields.to ?? new Uint8Array(20));
  return [fields.gasLimit ?? 21_000n, to, fields.value ?? 0n, fields.data ?? EMPTY];
}

function rs(signature: Bytes): bigint[] {
  return [bytesToBigInt(signature.subarray(0, 32)), bytesToBigInt(signature.subarray(32))];
}

function encode(fields: readonly Field[]): Bytes {
  return rlpEncode(fields.map(toItem));
}

function toItem(field: Field): RlpItem {
  if (field instanceof Uint8Array) return field;
  return typeof field === "bigint" || typeof field === "number" ? rlpInt(field) : field.map(toItem);
}
