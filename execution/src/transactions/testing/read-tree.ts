/** Everything that the cursor sees, as a tree: how tests hold it against other decoders. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { RlpItem } from "../../rlp.ts";
import { atEnd, createReader, expectEnd, next, type RlpReader } from "../rlp/reader.ts";

/** One whole item; throws RLP_INVALID. Recursive: for small or trusted bytes. */
export function readTree(bytes: Bytes): RlpItem {
  const reader = createReader(bytes);
  const item = readItem(reader);
  expectEnd(reader, "rlp");
  return item;
}

function readItem(r: RlpReader): RlpItem {
  next(r, "rlp");
  if (!r.list) return r.bytes.subarray(r.from, r.to);
  const inner = createReader(r.bytes, r.from, r.to);
  const items: RlpItem[] = [];
  while (!atEnd(inner)) items.push(readItem(inner));
  return items;
}
