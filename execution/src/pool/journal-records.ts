/**
 * Records of the pool's journal:
 *   u8 1 || u64be seenMs || a transaction as it goes on the chain                              read, not written any more
 *   u8 2 || u64be position: nothing below it is alive
 *   u8 3 || (u64be seenMs || u32be length || a transaction as it goes on the chain)*           what came together
 */
import { readU64be, u64be } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

const ONE = 1;
const CUT = 2;
const MANY = 3;
const TIME_BYTES = 8;
const HEAD_BYTES = TIME_BYTES + 4;

export type Written = { seenMs: number; raw: Bytes };

export function encodeTransactions(all: readonly Written[]): Bytes {
  const record = new Uint8Array(all.reduce((sum, { raw }) => sum + HEAD_BYTES + raw.length, 1));
  const view = new DataView(record.buffer);
  record[0] = MANY;
  let at = 1;
  for (const { seenMs, raw } of all) {
    view.setBigUint64(at, BigInt(seenMs));
    view.setUint32(at + TIME_BYTES, raw.length);
    record.set(raw, at + HEAD_BYTES);
    at += HEAD_BYTES + raw.length;
  }
  return record;
}

/** Copies; nothing where it is another record. What is cut off, which no fsync covered, ends it. */
export function* readTransactions(record: Bytes): Generator<Written> {
  if (record[0] === ONE && record.length > 1 + TIME_BYTES) yield { seenMs: readU64be(record, 1), raw: record.slice(1 + TIME_BYTES) };
  if (record[0] !== MANY) return;
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  for (let at = 1; at + HEAD_BYTES < record.length; ) {
    const end = at + HEAD_BYTES + view.getUint32(at + TIME_BYTES);
    if (end > record.length) return;
    yield { seenMs: readU64be(record, at), raw: record.slice(at + HEAD_BYTES, end) };
    at = end;
  }
}

export function encodeCut(position: number): Bytes {
  const record = new Uint8Array(1 + TIME_BYTES);
  record[0] = CUT;
  record.set(u64be(position), 1);
  return record;
}

/** undefined: it is another record. */
export function readCut(record: Bytes): number | undefined {
  return record[0] === CUT && record.length === 1 + TIME_BYTES ? readU64be(record, 1) : undefined;
}
