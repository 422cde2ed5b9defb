/** The hash that the sender signed, from the signed bytes: the fields before the signature stand together in them. */
import { concatBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { rlpEncode, rlpInt, rlpListOf } from "../rlp/encode.ts";
import { createReader, next, readList } from "../rlp/reader.ts";
import type { Transaction } from "./transaction.ts";

/** Fields before v or yParity, by type. */
const UNSIGNED_FIELDS = [6, 8, 9, 11, 10] as const;

export function signingHash(tx: Transaction): Hash {
  const head = tx.type === 0 ? 0 : 1;
  const body = readList(createReader(tx.raw, head), "transaction");
  const from = body.at;
  for (let i = 0; i < UNSIGNED_FIELDS[tx.type]; i++) next(body, "transaction");
  const fields = tx.raw.subarray(from, body.at);
  const list = rlpListOf(tx.type === 0 && tx.chainId !== undefined ? [fields, ...replayFields(tx.chainId)] : [fields]);
  return keccak256(head === 0 ? list : concatBytes(tx.raw.subarray(0, head), list));
}

/** EIP-155: chainId, 0, 0. */
function replayFields(chainId: bigint): Bytes[] {
  const zero = rlpEncode(rlpInt(0));
  return [rlpEncode(rlpInt(chainId)), zero, zero];
}
