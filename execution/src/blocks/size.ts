/** Bytes of a block's RLP, as `eth_getBlockByNumber` says it, without making it. */
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpDecodeFlat } from "../rlp/decode.ts";
import { headedLength } from "../rlp/encode.ts";

/** Fields of a header from Shanghai on: its block lists withdrawals (EIP-4895). */
export const FIELDS_WITH_WITHDRAWALS = 17;

/** Of [header, transactions, no ommers, no withdrawals where the fork has them]. */
export function blockSize(headerRlp: Bytes, listed: number): number {
  const lists = rlpDecodeFlat(headerRlp).length < FIELDS_WITH_WITHDRAWALS ? 1 : 2;
  return headedLength(headerRlp.length + headedLength(listed) + lists);
}

/** What the transactions take within their list: a typed one stands as a byte string. */
export function listedBytes(raws: readonly Bytes[]): number {
  let bytes = 0;
  for (const raw of raws) bytes += (raw[0] as number) >= 0xc0 ? raw.length : headedLength(raw.length);
  return bytes;
}
