/**
 * A row as it is stored and sent: SSZ of {slot: uint16, path: Vector[32 bytes, depth], row: 131,072 bytes}; all parts are fixed, so a
 * stream of records needs no framing. depth = ceil(log2 N).
 */
import type { Bytes } from "@noema/core/ports/bytes";
import { daError } from "../errors.ts";
import type { RowWithPath } from "./chunk-tree.ts";
import { treeDepth } from "./chunk-tree.ts";
import { ROW_BYTES } from "./elements.ts";

export function rowRecordBytes(N: number): number {
  return 2 + 32 * treeDepth(N) + ROW_BYTES;
}

export function encodeRowRecord({ slot, path, row }: RowWithPath): Bytes {
  const out = new Uint8Array(2 + 32 * path.length + ROW_BYTES);
  new DataView(out.buffer).setUint16(0, slot, true);
  for (const [i, hash] of path.entries()) out.set(hash, 2 + 32 * i);
  out.set(row, 2 + 32 * path.length);
  return out;
}

/** Views into `record`. Throws DA_FRAME_INVALID on a wrong length. */
export function decodeRowRecord(record: Bytes, N: number): RowWithPath {
  const depth = treeDepth(N);
  if (record.length !== rowRecordBytes(N))
    throw daError("DA_FRAME_INVALID", `row record of ${record.length} bytes, expected ${rowRecordBytes(N)}`);
  const path = Array.from({ length: depth }, (_, i) => record.subarray(2 + 32 * i, 34 + 32 * i));
  const slot = new DataView(record.buffer, record.byteOffset, 2).getUint16(0, true);
  return { slot, path, row: record.subarray(2 + 32 * depth) };
}

/** Records out of an answer whose chunks may be cut anywhere; throws DA_FRAME_INVALID when it ends inside a record. */
export async function* readRowRecords(chunks: AsyncIterable<Bytes>, N: number): AsyncIterable<RowWithPath> {
  const size = rowRecordBytes(N);
  let record = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - filled);
      record.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield decodeRowRecord(record, N);
      record = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) throw daError("DA_FRAME_INVALID", `an answer ends ${filled} bytes into a row record of ${size}`);
}
