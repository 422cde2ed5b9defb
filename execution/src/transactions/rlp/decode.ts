import type { Bytes } from "@noema/core/ports/bytes";
import { rlpError } from "./errors.ts";
import { atEnd, createReader, expectEnd, next, type RlpReader } from "./reader.ts";

export type RlpValue = Bytes | RlpValue[];

/** No object of ours nests deeper than 4; the bound keeps recursion off the stack's end. */
const MAX_DEPTH = 256;

/** One whole item, strings as views of `bytes`; throws RLP_INVALID. */
export function decodeRlp(bytes: Bytes): RlpValue {
  const reader = createReader(bytes);
  const value = readValue(reader, 0);
  expectEnd(reader, "rlp");
  return value;
}

function readValue(r: RlpReader, depth: number): RlpValue {
  if (depth > MAX_DEPTH) throw rlpError(`nested deeper than ${MAX_DEPTH}`, "rlp", r.at);
  next(r, "rlp");
  if (!r.list) return r.bytes.subarray(r.from, r.to);
  const inner = createReader(r.bytes, r.from, r.to);
  const items: RlpValue[] = [];
  while (!atEnd(inner)) items.push(readValue(inner, depth + 1));
  return items;
}
