/**
 * What a consensus block's transactions were and gave. Some stand in one row, so that one is read without its block and no row is mostly key.
 *
 *   bodies      u64be height . u32be index of the first       RLP [base fee, number of logs and gas used before it in its block, raw, stored
 *                                                             receipt, raw, stored receipt, ...]
 *               u64be height . u32be 2^31 + row               hashes of transactions one after another, as many as a row holds
 *               u64be height . ff ff ff ff                    RLP [number of such rows, the rest of the hashes, bytes of the transactions'
 *                                                             raws in the block's RLP, skipped, operations: [id, bytes, outcome, value
 *                                                             where it gave one] where there are any]; absent where there is none of all three
 */
import { bytesToBigInt, concatBytes, utf8 } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import type { SkippedTransaction } from "../api.ts";
import type { ExecutedTransaction } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { asBytes, asList, rlpDecode } from "../rlp/decode.ts";
import { type RlpInput, type RlpItem, rlpEncode, rlpLength } from "../rlp/encode.ts";
import { ROW_BYTES } from "../row-bytes.ts";
import type { AppliedOperation } from "../system/apply.ts";
import type { Outcome } from "../system/outcomes.ts";
import { BODIES } from "../tables.ts";
import { HASH_BYTES, joinHashes, splitHashes } from "./hashes.ts";
import { placeBytes } from "./place.ts";
import { gasOfItem, receiptItem, receiptOfItem } from "./receipt.ts";
import { listedBytes } from "./size.ts";

const SUMMARY = 0xffffffff;
/** Above every index of a transaction. */
const FIRST_HASHES = 2 ** 31;
const HASHES_IN_A_ROW = Math.floor(ROW_BYTES / HASH_BYTES);
/** Items of a row before its transactions. */
const HEAD_ITEMS = 3;

export type StoredBody = {
  executed: readonly ExecutedTransaction[];
  skipped: readonly SkippedTransaction[];
  operations: readonly AppliedOperation[];
};
/** `firstLog`: how many logs of its block come before its own. */
export type StoredTransaction = { tx: ExecutedTransaction; index: number; firstLog: number };
/** `listed`: bytes that the transactions take in the RLP of their block. */
export type Listed = { hashes: readonly Hash[]; listed: number };
export type Summary = Listed & { skipped: SkippedTransaction[]; operations: AppliedOperation[] };

/** `baseFee`: of the block. */
export function bodyOps(height: Height, baseFee: bigint, { executed, skipped, operations }: StoredBody): KvOp[] {
  if (executed.length + skipped.length + operations.length === 0) return [];
  const ops = transactionOps(height, baseFee, executed);
  const { hashes, listed } = listOf(executed);
  const full = Math.floor(hashes.length / HASHES_IN_A_ROW);
  for (let row = 0; row < full; row++) {
    const value = joinHashes(hashes.slice(row * HASHES_IN_A_ROW, (row + 1) * HASHES_IN_A_ROW));
    ops.push({ table: BODIES, key: hashesKey(height, row), value });
  }
  const left = skipped.map((s) => [s.hash, utf8(s.code), s.retry ? 1 : 0]);
  const summary: RlpInput[] = [full, joinHashes(hashes.slice(full * HASHES_IN_A_ROW)), listed, left];
  if (operations.length > 0) summary.push(operations.map(operationItem));
  ops.push({ table: BODIES, key: placeBytes(height, SUMMARY), value: rlpEncode(summary) });
  return ops;
}

function transactionOps(height: Height, baseFee: bigint, executed: readonly ExecutedTransaction[]): KvOp[] {
  const ops: KvOp[] = [];
  let row: RlpInput[] = [];
  let first = 0;
  let bytes = 0;
  const end = (next: number) => {
    if (next > first) ops.push({ table: BODIES, key: placeBytes(height, first), value: rlpEncode(row) });
    first = next;
    row = [];
    bytes = 0;
  };
  for (const { tx, index, firstLog } of placed(executed)) {
    const receipt = receiptItem(tx);
    const size = rlpLength(tx.raw) + rlpLength(receipt);
    if (bytes + size > ROW_BYTES) end(index);
    if (row.length === 0) row.push(baseFee, firstLog, tx.cumulativeGasUsed - tx.gasUsed);
    row.push(tx.raw, receipt);
    bytes += size;
  }
  end(executed.length);
  return ops;
}

export function listOf(executed: readonly ExecutedTransaction[]): Listed {
  return { hashes: executed.map((tx) => tx.hash), listed: listedBytes(executed.map((tx) => tx.raw)) };
}

export function placed(executed: readonly ExecutedTransaction[]): StoredTransaction[] {
  let logs = 0;
  return executed.map((tx, index) => {
    const firstLog = logs;
    logs += tx.logs.length;
    return { tx, index, firstLog };
  });
}

export function readSummary(snapshot: KvSnapshot, height: Height): Summary {
  const summary = snapshot.get(BODIES, placeBytes(height, SUMMARY));
  if (summary === undefined) return { hashes: [], listed: 0, skipped: [], operations: [] };
  const [full, hashes, listed, skipped, operations = []] = asList(rlpDecode(summary));
  const rows: Bytes[] = [];
  while (rows.length < Number(bytesToBigInt(asBytes(full)))) {
    const row = snapshot.get(BODIES, hashesKey(height, rows.length));
    if (row === undefined) throw execError("STATE_CORRUPT", `height ${height} lacks hashes of its transactions`);
    rows.push(row);
  }
  return {
    hashes: splitHashes(concatBytes(...rows, asBytes(hashes))),
    listed: Number(bytesToBigInt(asBytes(listed))),
    skipped: asList(skipped).map((item) => {
      const [hash, code, retry] = asList(item).map(asBytes) as [Bytes, Bytes, Bytes];
      return { hash, code: new TextDecoder().decode(code), retry: retry.length > 0 };
    }),
    operations: asList(operations).map(operationOf),
  };
}

function operationItem({ id, data, outcome, value }: AppliedOperation): RlpInput[] {
  return value === undefined ? [id, data, outcome] : [id, data, outcome, value];
}

function operationOf(item: RlpItem): AppliedOperation {
  const [id, data, outcome, value] = asList(item).map(asBytes) as [Bytes, Bytes, Bytes, Bytes | undefined];
  const applied = { id, data, outcome: Number(bytesToBigInt(outcome)) as Outcome };
  return value === undefined ? applied : { ...applied, value: Number(bytesToBigInt(value)) };
}

export function readTransaction(snapshot: KvSnapshot, height: Height, index: number): StoredTransaction | undefined {
  for (const [key, value] of snapshot.range(BODIES, placeBytes(height, 0), placeBytes(height, index + 1), 1, true))
    for (const found of transactionsOf(value, indexOf(key), index)) return found;
  return undefined;
}

/** In order. */
export function readTransactions(snapshot: KvSnapshot, height: Height): StoredTransaction[] {
  const range = snapshot.range(BODIES, placeBytes(height, 0), placeBytes(height, FIRST_HASHES), FIRST_HASHES);
  return [...range].flatMap(([key, value]) => [...transactionsOf(value, indexOf(key))]);
}

/** Of a row from the index `from` on. What comes before is passed over, not decoded. Throws STATE_CORRUPT, RLP_INVALID. */
function* transactionsOf(row: Bytes, first: number, from = first): Iterable<StoredTransaction> {
  const items = asList(rlpDecode(row));
  const [baseFee, logs, gas] = items.slice(0, HEAD_ITEMS).map((item) => bytesToBigInt(asBytes(item))) as [bigint, bigint, bigint];
  if (items.length % 2 !== HEAD_ITEMS % 2) throw execError("STATE_CORRUPT", `a row of ${items.length} items where transactions stand`);
  let firstLog = Number(logs);
  let gasBefore = gas;
  for (let i = HEAD_ITEMS, index = first; i < items.length; i += 2, index++) {
    const receipt = items[i + 1] as RlpItem;
    const { gasUsed, logs } = gasOfItem(receipt);
    if (index >= from) yield { tx: receiptOfItem(receipt, asBytes(items[i]), { baseFee, gasBefore }), index, firstLog };
    gasBefore += gasUsed;
    firstLog += logs;
  }
}

/** Of the row of hashes of that number. */
function hashesKey(height: Height, row: number): Bytes {
  return placeBytes(height, FIRST_HASHES + row);
}

/** Of a key of a row of transactions. */
function indexOf(key: Bytes): number {
  return Number(bytesToBigInt(key.subarray(8)));
}
