/**
 * What a consensus block's transactions were and gave, one record a transaction, so that one is read without its block.
 *
 *   bodies      u64be height . u32be index       RLP [raw transaction, receipt, number of logs before it in its block]
 *               u64be height . ff ff ff ff       RLP [hashes of the transactions one after another, bytes of their raws in the block's
 *                                                RLP, skipped, operations: [id, bytes, outcome] where there are any]; absent where there
 *                                                is none of all three
 */
import { bytesToBigInt, utf8 } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import type { SkippedTransaction } from "../api.ts";
import type { ExecutedTransaction } from "../engine/engine.ts";
import { asBytes, asList, rlpDecode } from "../rlp/decode.ts";
import { type RlpInput, rlpEncode, rlpLength, rlpWrite } from "../rlp/encode.ts";
import type { AppliedOperation } from "../system/apply.ts";
import type { Outcome } from "../system/outcomes.ts";
import { joinHashes, splitHashes } from "./hashes.ts";
import { placeBytes } from "./place.ts";
import { receiptItem, receiptOfItem } from "./receipt.ts";
import { listedBytes } from "./size.ts";

const BODIES = "bodies";
const SUMMARY = 0xffffffff;

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

export function bodyOps(height: Height, { executed, skipped, operations }: StoredBody): KvOp[] {
  if (executed.length + skipped.length + operations.length === 0) return [];
  const ops = transactionOps(height, executed);
  const { hashes, listed } = listOf(executed);
  const left = skipped.map((s) => [s.hash, utf8(s.code), s.retry ? 1 : 0]);
  const summary: RlpInput[] = [joinHashes(hashes), listed, left];
  if (operations.length > 0) summary.push(operations.map(({ id, data, outcome }) => [id, data, outcome]));
  ops.push({ table: BODIES, key: placeBytes(height, SUMMARY), value: rlpEncode(summary) });
  return ops;
}

/** Values are views of one buffer: of a large block, thousands of buffers would be the collector's. */
function transactionOps(height: Height, executed: readonly ExecutedTransaction[]): KvOp[] {
  const bodies: RlpInput[] = placed(executed).map(({ tx, firstLog }) => [tx.raw, receiptItem(tx), firstLog]);
  const buffer = new Uint8Array(bodies.reduce<number>((sum, body) => sum + rlpLength(body), 0));
  let at = 0;
  return bodies.map((body, index) => {
    const from = at;
    at = rlpWrite(body, buffer, from);
    return { table: BODIES, key: placeBytes(height, index), value: buffer.subarray(from, at) };
  });
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
  const value = snapshot.get(BODIES, placeBytes(height, SUMMARY));
  if (value === undefined) return { hashes: [], listed: 0, skipped: [], operations: [] };
  const [hashes, listed, skipped, operations = []] = asList(rlpDecode(value));
  return {
    hashes: splitHashes(asBytes(hashes)),
    listed: Number(bytesToBigInt(asBytes(listed))),
    skipped: asList(skipped).map((item) => {
      const [hash, code, retry] = asList(item).map(asBytes) as [Bytes, Bytes, Bytes];
      return { hash, code: new TextDecoder().decode(code), retry: retry.length > 0 };
    }),
    operations: asList(operations).map((item) => {
      const [id, data, outcome] = asList(item).map(asBytes) as [Bytes, Bytes, Bytes];
      return { id, data, outcome: Number(bytesToBigInt(outcome)) as Outcome };
    }),
  };
}

export function readTransaction(snapshot: KvSnapshot, height: Height, index: number): StoredTransaction | undefined {
  const value = snapshot.get(BODIES, placeBytes(height, index));
  return value && decode(value, index);
}

/** In order. */
export function readTransactions(snapshot: KvSnapshot, height: Height): StoredTransaction[] {
  const range = snapshot.range(BODIES, placeBytes(height, 0), placeBytes(height, SUMMARY), Number.MAX_SAFE_INTEGER);
  return [...range].map(([, value], index) => decode(value, index));
}

function decode(value: Bytes, index: number): StoredTransaction {
  const [raw, receipt, firstLog] = asList(rlpDecode(value));
  return { tx: receiptOfItem(asList(receipt), asBytes(raw)), index, firstLog: Number(bytesToBigInt(asBytes(firstLog))) };
}
