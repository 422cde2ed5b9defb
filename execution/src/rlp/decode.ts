/** Whole items, by the strict cursor of reader.ts. Every function throws RLP_INVALID. */
import type { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";
import type { RlpItem } from "./encode.ts";
import { atEnd, createReader, expectEnd, inside, next, type RlpReader } from "./reader.ts";

/** Deeper lists than any Ethereum object has: bounds the recursion on bytes from outside. */
const MAX_DEPTH = 16;
const WHAT = "item";

/** Byte strings are views of `data`. */
export function rlpDecode(data: Bytes): RlpItem {
  const reader = createReader(data);
  const item = readItem(reader, 0);
  expectEnd(reader, WHAT);
  return item;
}

/** The items of a list of byte strings; `length`: it must have so many. */
export function rlpDecodeFlat(data: Bytes, length?: number): Bytes[] {
  const list = asList(rlpDecode(data));
  if (length !== undefined && list.length !== length) throw invalid(`a list of ${list.length} where ${length} items are expected`);
  return list.map(asBytes);
}

export function asBytes(item: RlpItem | undefined): Bytes {
  if (!(item instanceof Uint8Array)) throw invalid("a list where a byte string is expected");
  return item;
}

export function asList(item: RlpItem | undefined): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) throw invalid("a byte string where a list is expected");
  return item;
}

function readItem(reader: RlpReader, depth: number): RlpItem {
  if (depth > MAX_DEPTH) throw invalid(`lists nest deeper than ${MAX_DEPTH}`);
  next(reader, WHAT);
  if (!reader.list) return reader.bytes.subarray(reader.from, reader.to);
  const list = inside(reader);
  const items: RlpItem[] = [];
  while (!atEnd(list)) items.push(readItem(list, depth + 1));
  return items;
}

function invalid(why: string): NoemaError {
  return execError("RLP_INVALID", `not RLP: ${why}`);
}
