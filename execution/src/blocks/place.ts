/** Where a transaction stands: u64be height . u32be index, a key whose order is the chain's, and the value of the index by hash. */
import type { Bytes, Height } from "@noema/core/ports/bytes";
import { writeNumber } from "../rlp/integers.ts";

const HEIGHT_BYTES = 8;
const INDEX_BYTES = 4;

export function placeBytes(height: Height, index: number): Bytes {
  const out = new Uint8Array(HEIGHT_BYTES + INDEX_BYTES);
  writeNumber(height, out, 0, HEIGHT_BYTES);
  writeNumber(index, out, HEIGHT_BYTES, INDEX_BYTES);
  return out;
}
