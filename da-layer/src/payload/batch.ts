/**
 * A batch: its availability header and its transactions, or operations where its kind is `system`. id = sha256 of the SSZ bytes of the transactions.
 * The bytes (u8 1 || SSZ) are the data frame that disperses it and the record that stores it.
 */
import { concatBytes, equalBytes } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AvailabilityHeader, AvailabilityKind } from "@noema/core/ports/data";
import { availabilityHeaderType } from "@noema/core/types/availability";
import { ByteListType, ContainerType, decodeSsz, ListCompositeType } from "@noema/core/types/ssz";
import { daError } from "../errors.ts";
import { MAX_BATCH_BYTES, MAX_BATCH_TXS } from "../limits.ts";
import { headerKey } from "../shared/cert-pool.ts";

export const batchTransactionsType = new ListCompositeType(new ByteListType(MAX_BATCH_BYTES), MAX_BATCH_TXS, {
  typeName: "BatchTransactions",
});
const batchType = new ContainerType({ header: availabilityHeaderType, txs: batchTransactionsType }, { typeName: "Batch" });

export type Batch = { header: AvailabilityHeader; txs: Bytes[] };

export type PayloadKind = Extract<AvailabilityKind, "batch" | "system">;

/** What is signed once for each (publisher, epoch, seq). A header alone does not say what its bytes are, nor how they were checked. */
export function signedKey(kind: PayloadKind, header: AvailabilityHeader): string {
  return `${kind} ${headerKey(header)}`;
}

const HEADER_BYTES = availabilityHeaderType.fixedSize as number;
/** Transactions with their 4-byte offsets. */
export const MAX_TXS_SSZ_BYTES = MAX_BATCH_BYTES + 4 * MAX_BATCH_TXS;
/** Header, offset of the list, list. */
export const MAX_BATCH_SSZ_BYTES = HEADER_BYTES + 4 + MAX_TXS_SSZ_BYTES;

export function batchId(txs: readonly Bytes[]): Hash {
  return sha256(batchTransactionsType.serialize(txs as Bytes[]));
}

function sumBytes(txs: readonly Bytes[]): number {
  let bytes = 0;
  for (const tx of txs) bytes += tx.length;
  return bytes;
}

/** `data` is u8 type || SSZ. Throws SSZ_INVALID. */
export function decodeBatch(data: Bytes): Batch {
  return decodeSsz(batchType, data.subarray(1)) as Batch;
}

export function encodeBatch(type: number, batch: Batch): Bytes {
  return concatBytes(Uint8Array.of(type), batchType.serialize(batch));
}

/** The header of an encoded batch without decoding its transactions. */
export function decodeBatchHeader(data: Bytes): AvailabilityHeader {
  return decodeSsz(availabilityHeaderType, data.subarray(1, 1 + HEADER_BYTES));
}

export function decodeTransactions(data: Bytes): Bytes[] {
  return decodeSsz(batchTransactionsType, data) as Bytes[];
}

/** Everything about a batch that needs no state and no signature; throws DA_BATCH_INVALID. */
export function checkBatchForm({ header, txs }: Batch): void {
  const fail = (why: string) => {
    throw daError("DA_BATCH_INVALID", `batch ${header.seq} of publisher ${header.publisher}: ${why}`, { seq: header.seq });
  };
  if (txs.length === 0) fail("it has no transactions");
  if (txs.some((tx) => tx.length === 0)) fail("it has an empty transaction");
  const bytes = sumBytes(txs);
  if (bytes > MAX_BATCH_BYTES) fail(`${bytes} bytes, the limit is ${MAX_BATCH_BYTES}`);
  if (header.bytes !== bytes) fail(`the header says ${header.bytes} bytes, there are ${bytes}`);
  if (header.expiry !== 0) fail("a batch has no expiry");
  if (!equalBytes(header.id, batchId(txs))) fail("the id is not that of the transactions");
}
