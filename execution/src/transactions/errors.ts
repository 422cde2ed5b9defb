import { to0x } from "@noema/core/bytes";
import { defineErrors, type NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";

/** Why a transaction is not valid, by itself or against an account. The reasons of skipped ones are SKIP_* (execution/src/errors.ts). */
export const {
  errors,
  error: txError,
  refusal,
} = defineErrors({
  TX_TOO_LARGE: {
    means: "a transaction has more bytes than are accepted",
    remedy: "Send less data, or a blob.",
    rpc: -32000,
    peer: "reject",
  },
  TX_TYPE_UNSUPPORTED: {
    means: "the transaction's type does not exist, or not in the active fork",
    remedy: "Send type 0 to 4 as the fork allows.",
    rpc: -32000,
  },
  TX_FIELD_INVALID: {
    means: "a field has a form or a length that is not allowed",
    remedy: "Fix the field named in the message.",
    rpc: -32000,
    peer: "reject",
  },
  TX_SIGNATURE_INVALID: {
    means: "the signature's values are out of range, s is in the upper half (EIP-2), or no key fits",
    remedy: "Sign again with a current library.",
    rpc: -32000,
    peer: "reject",
  },
  TX_CHAIN_ID: {
    means: "the transaction is signed for another chain",
    remedy: "Sign for the chain id that eth_chainId answers.",
    rpc: -32000,
    peer: "reject",
  },
  TX_NONCE_MAX: { means: "the nonce is 2^64 - 1 (EIP-2681)", remedy: "Use another account.", rpc: -32000 },
  TX_GAS_LIMIT_TOO_HIGH: {
    means: "the gas limit is above the limit of a transaction (EIP-7825) or of a block",
    remedy: "Lower the gas limit, or split the work.",
    rpc: -32000,
  },
  TX_INTRINSIC_GAS_TOO_LOW: {
    means: "the gas limit does not pay for the transaction's own bytes (EIP-2028, 2930, 3860, 7702)",
    remedy: "Use eth_estimateGas.",
    rpc: -32000,
  },
  TX_FLOOR_GAS_TOO_LOW: { means: "the gas limit is below the calldata floor (EIP-7623)", remedy: "Use eth_estimateGas.", rpc: -32000 },
  TX_INITCODE_TOO_LARGE: {
    means: "a contract's creation code is above 49,152 bytes (EIP-3860)",
    remedy: "Split the contract.",
    rpc: -32000,
  },
  TX_FEE_OVERFLOW: { means: "gas limit times fee cap does not fit in 256 bits", remedy: "Lower the fee or the gas limit.", rpc: -32000 },
  TX_TIP_ABOVE_FEE_CAP: {
    means: "maxPriorityFeePerGas is above maxFeePerGas (EIP-1559)",
    remedy: "Raise maxFeePerGas or lower the priority fee.",
    rpc: -32000,
  },
  TX_CREATE_NOT_ALLOWED: {
    means: "a transaction of type 3 or 4 has no recipient",
    remedy: "Give `to`; create with type 0, 1 or 2.",
    rpc: -32000,
  },
  TX_AUTHORIZATIONS_EMPTY: {
    means: "a transaction of type 4 has no authorization (EIP-7702)",
    remedy: "Add one, or send type 2.",
    rpc: -32000,
  },
  TX_BLOBS_INVALID: {
    means: "the blob hashes of a type-3 transaction are none, too many, or of an unknown version (EIP-4844)",
    remedy: "Send 1 to the limit of hashes that start with 0x01.",
    rpc: -32000,
  },
  TX_SIDECAR_INVALID: {
    means: "the blobs, commitments and proofs that came with a type-3 transaction do not fit its hashes",
    remedy: "Build the sidecar from the same blobs as the hashes.",
    rpc: -32000,
  },
  TX_SIDECAR_MISSING: {
    means: "a type-3 transaction came without its blobs: nobody could ever read what it announces",
    remedy: "Send the network form, with blobs, commitments and proofs; `noema da put` publishes data without blobs of Ethereum.",
    rpc: -32000,
  },
  TX_NONCE_TOO_LOW: {
    means: "the account has already used this nonce",
    remedy: "Use eth_getTransactionCount with `pending`.",
    rpc: -32000,
  },
  TX_INSUFFICIENT_FUNDS: {
    means: "the balance does not cover gas limit times fee cap plus value, with what the account has in flight",
    remedy: "Fund the account or lower fee or value.",
    rpc: -32000,
  },
  TX_SENDER_CODE: { means: "the sender is a contract (EIP-3607)", remedy: "Send from an account without code.", rpc: -32000 },
  TX_FEE_CAP_TOO_LOW: {
    means: "maxFeePerGas is below the base fee",
    remedy: "Raise maxFeePerGas; eth_feeHistory shows recent base fees.",
    rpc: -32000,
  },
  TX_BATCH_INVALID: {
    means: "a batch is empty, too large, too dear, or has a transaction twice",
    remedy: "Its publisher is faulty: the batch is not signed.",
  },
  TX_ADD_ON_UNUSABLE: {
    means: "the add-on that NOEMA_IDENTIFY names does not load",
    remedy: "Build it again with `npm run noema -- tool native`, or set NOEMA_IDENTIFY to nothing.",
  },
  TX_RECOVERY_NOT_NATIVE: {
    means: "the native secp256k1 add-on did not load; plain JavaScript is about 30 times slower",
    remedy: "Install on a platform with a prebuild or a C++ compiler, or set NOEMA_SLOW_RECOVERY=1 to run slowly.",
  },
});

export type TransactionErrorCode = keyof typeof errors;

/** The words are geth's, which clients know an empty account by. */
export function insufficientFunds(sender: Bytes, balance: bigint, cost: bigint): NoemaError {
  return txError(
    "TX_INSUFFICIENT_FUNDS",
    `insufficient funds for gas * price + value: address ${to0x(sender)} have ${balance} want ${cost}`,
    { balance, cost },
  );
}
