import { type Bytes, concatBytes, type Hash, ZERO_HASH } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import { CHUNK_BYTES } from "./nmodel.ts";

/** Merkle root of the weight section (nmodel.ts). */
export function weightsRoot(weights: Bytes): Hash {
  if (weights.length === 0) return ZERO_HASH;
  let level: Hash[] = [];
  for (let at = 0; at < weights.length; at += CHUNK_BYTES) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    chunk.set(weights.subarray(at, at + CHUNK_BYTES));
    level.push(sha256(chunk));
  }
  while (level.length & (level.length - 1)) level.push(ZERO_HASH);
  while (level.length > 1) level = Array.from({ length: level.length / 2 }, (_, i) => sha256(level[2 * i]!, level[2 * i + 1]!));
  return level[0]!;
}

/** Of a file that `decodeModel` accepted. */
export function headerBytesOf(file: Bytes): number {
  return new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(8, true);
}

/** Likewise. */
export function modelIdOf(file: Bytes): Hash {
  const headerBytes = headerBytesOf(file);
  return keccak256(concatBytes(file.subarray(0, headerBytes), weightsRoot(file.subarray(headerBytes))));
}
