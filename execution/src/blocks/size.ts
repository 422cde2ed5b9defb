/** Bytes of a block's RLP, as `eth_getBlockByNumber` says it, without making it. */
import type { Bytes } from "@noema/core/ports/bytes";

/** Of [header, transactions, no ommers, no withdrawals]. */
export function blockSize(headerRlp: Bytes, listed: number): number {
  return headed(headerRlp.length + headed(listed) + 2);
}

/** What the transactions take within their list: a typed one stands as a byte string. */
export function listedBytes(raws: readonly Bytes[]): number {
  let bytes = 0;
  for (const raw of raws) bytes += (raw[0] as number) >= 0xc0 ? raw.length : headed(raw.length);
  return bytes;
}

/** With the RLP header of an item of that many bytes. */
function headed(length: number): number {
  return length + (length < 56 ? 1 : 1 + Math.ceil(Math.log2(length + 1) / 8));
}
