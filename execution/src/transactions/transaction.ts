import type { Bytes, Hash } from "@noema/core/ports/bytes";

export type TransactionType = 0 | 1 | 2 | 3 | 4;
export type AccessListItem = { address: Bytes; storageKeys: Hash[] };
/** EIP-7702. Whether its signature is good is the execution's business: a bad one is skipped, not an error. */
export type Authorization = { chainId: bigint; address: Bytes; nonce: bigint; yParity: number; r: bigint; s: bigint };

/** A signed transaction of any type; byte fields are views of `raw`. */
export type Transaction = {
  type: TransactionType;
  /** keccak256 of `raw`. */
  hash: Hash;
  /** The canonical bytes that go on the chain: without a blob sidecar. */
  raw: Bytes;
  /** Absent in a legacy transaction without replay protection. */
  chainId?: bigint;
  nonce: bigint;
  gasLimit: bigint;
  /** 20 bytes; absent: creates a contract. */
  to?: Bytes;
  value: bigint;
  data: Bytes;
  /** Both are `gasPrice` in types 0 and 1. */
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  gasPrice?: bigint;
  accessList: readonly AccessListItem[];
  maxFeePerBlobGas?: bigint;
  blobVersionedHashes?: readonly Hash[];
  authorizationList?: readonly Authorization[];
  yParity: 0 | 1;
  /** As RPC shows it: 27, 28 or EIP-155 in type 0, else yParity. */
  v: bigint;
  r: bigint;
  s: bigint;
  /** The sender where nobody signed, 20 bytes: on a development chain (impersonated.ts). */
  impersonated?: Bytes;
};
