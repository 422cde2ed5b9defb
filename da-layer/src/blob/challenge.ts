/**
 * Fiat-Shamir (da.md section 2): wide-hash(x) = H(x || 0) || H(x || 1), 512 bits big endian;
 * z = wide-hash("z", blobId) mod p; rho = wide-hash("rho", blobId, y_1 .. y_R) mod p, full width. Parts after their length.
 * blobId fixes all rows (by rowsRoot) and all commitments before z is known: without rowsRoot in it a publisher can send a
 * garbage row with one element adjusted so that it evaluates rightly at z.
 */
import { bytesToBigInt, concatBytes, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { P } from "./field/scalars.ts";
import { prefixed } from "./object.ts";

const ZERO = Uint8Array.of(0);
const ONE = Uint8Array.of(1);

function wideHash(parts: readonly Bytes[]): bigint {
  const x = prefixed(parts);
  return bytesToBigInt(concatBytes(sha256(...x, ZERO), sha256(...x, ONE))) % P;
}

export function evaluationPoint(id: Hash): bigint {
  return wideHash([utf8("z"), id]);
}

export function aggregationFactor(id: Hash, ys: readonly Bytes[]): bigint {
  return wideHash([utf8("rho"), id, ...ys]);
}
