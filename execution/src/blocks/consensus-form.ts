/** Blocks and receipts as Ethereum hashes and gossips them, made again from what is stored. */
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpDecode } from "../rlp/decode.ts";
import { type RlpItem, rlpEncode } from "../rlp/encode.ts";
import { createReceiptEncoder, type EncodedReceipt } from "./receipt.ts";
import { FIELDS_WITH_WITHDRAWALS } from "./size.ts";

/** rlp([header, transactions, no ommers, no withdrawals]); a typed transaction stands as a byte string (EIP-2718). */
export function encodeBlock(headerRlp: Bytes, transactions: readonly Bytes[]): Bytes {
  const header = rlpDecode(headerRlp) as readonly RlpItem[];
  const listed = transactions.map((raw) => ((raw[0] as number) >= 0xc0 ? rlpDecode(raw) : raw));
  return rlpEncode([header, listed, [], ...(header.length >= FIELDS_WITH_WITHDRAWALS ? [[]] : [])]);
}

/** In order, as the receipts trie has them. */
export function encodeReceipts(receipts: readonly EncodedReceipt[]): Bytes[] {
  const encode = createReceiptEncoder();
  return receipts.map((receipt) => encode(receipt).slice());
}
