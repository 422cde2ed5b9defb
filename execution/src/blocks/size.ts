/** Bytes of a block's RLP, as `eth_getBlockByNumber` says it, without making it. */
import type { Bytes } from "@noema/core/ports/bytes";
import { headedLength } from "../rlp/encode.ts";

/** Of [header, transactions, no ommers, no withdrawals]. */
export function blockSize(headerRlp: Bytes, listed: number): number {
  return headedLength(headerRlp.length + headedLength(listed) + 2);
}

/** What the transactions take within their list: a typed one stands as a byte string. */
export function listedBytes(raws: readonly Bytes[]): number {
  let bytes = 0;
  for (const raw of raws) bytes += (raw[0] as number) >= 0xc0 ? raw.length : headedLength(raw.length);
  return bytes;
}
