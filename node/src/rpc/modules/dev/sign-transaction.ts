import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpInt } from "@noema/execution/rlp/encode";
import { envelope, transactionFields, type UnsignedTransaction } from "@noema/execution/transactions/encode";
import { signDigest } from "./sign-digest.ts";

const EMPTY = new Uint8Array();

/** Raw bytes as eth_sendRawTransaction takes them. */
export function signTransaction(tx: UnsignedTransaction, privateKey: Bytes): Bytes {
  const fields = transactionFields(tx);
  const replayProtection = tx.type === 0 ? [rlpInt(tx.chainId), EMPTY, EMPTY] : [];
  const { r, s, yParity } = signDigest(keccak256(envelope(tx.type, [...fields, ...replayProtection])), privateKey);
  const v = tx.type === 0 ? tx.chainId * 2n + 35n + BigInt(yParity) : BigInt(yParity);
  return envelope(tx.type, [...fields, rlpInt(v), rlpInt(r), rlpInt(s)]);
}
