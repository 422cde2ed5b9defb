/** Where a transaction, or a block of several of a height, stands: u64be height . u32be index, a key whose order is the chain's, and the value of the index by hash. */
import { bytesToBigInt, readU64be } from "@noema/core/bytes";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";
import { writeNumber } from "../rlp/integers.ts";

const HEIGHT_BYTES = 8;
const INDEX_BYTES = 4;

export function placeBytes(height: Height, index: number): Bytes {
  const out = new Uint8Array(HEIGHT_BYTES + INDEX_BYTES);
  writeNumber(height, out, 0, HEIGHT_BYTES);
  writeNumber(index, out, HEIGHT_BYTES, INDEX_BYTES);
  return out;
}

/** Throws STATE_CORRUPT. */
export function readPlace(bytes: Bytes): { height: Height; index: number } {
  if (bytes.length !== HEIGHT_BYTES + INDEX_BYTES) throw execError("STATE_CORRUPT", `a place of ${bytes.length} bytes in an index`);
  return { height: readU64be(bytes), index: Number(bytesToBigInt(bytes.subarray(HEIGHT_BYTES))) };
}
