/** Points of G1 as data (KZG commitments), not as keys: compressed bytes from outside, checked to be in the subgroup. */
import * as blst from "@chainsafe/blst";
import { coreError } from "../errors.ts";
import type { Bytes } from "../ports/bytes.ts";

/** Compressed point at infinity, 48 bytes: the commitment of an all-zero row. A key may not be it, a commitment may. */
export const G1_INFINITY: Bytes = Uint8Array.of(0xc0, ...new Uint8Array(47));

/**
 * 48 compressed bytes to affine x || y, 96 bytes big endian; undefined for the point at infinity. Throws KEY_INVALID unless the
 * bytes are the canonical form of a point in the subgroup (0.1 ms).
 */
export function decompressG1(bytes: Bytes): Bytes | undefined {
  if (bytes.length === 48 && Buffer.compare(bytes, G1_INFINITY) === 0) return undefined;
  if (bytes.length !== 48) throw coreError("KEY_INVALID", `a compressed G1 point has 48 bytes, not ${bytes.length}`);
  try {
    return blst.PublicKey.fromBytes(bytes, true).toBytes(false);
  } catch (error) {
    throw coreError("KEY_INVALID", `not a point of G1: ${error instanceof Error ? error.message : error}`, {}, error);
  }
}
