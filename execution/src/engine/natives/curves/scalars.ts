/**
 * k = k1 + k2 LAMBDA mod BN254's order with k1 and k2 of half its length (Gallant, Lambert, Vanstone, "Faster point multiplication on
 * elliptic curves with efficient endomorphisms", CRYPTO 2001). (A, B) and (B, -C) are two short pairs (x, y) with x + y LAMBDA = 0.
 */
import { BN254 } from "./curves.ts";

export const LAMBDA = 4407920970296243842393367215006156084916469457145843978461n;
const A = 147946756881789319010696353538189108491n;
const B = 9931322734385697763n;
const C = 147946756881789319000765030803803410728n;
const PRECISION = 256n;
/** 2^256 B / n and 2^256 C / n: a product and a shift in the place of a division, off by at most one. */
const B_FACTOR = (B << PRECISION) / BN254.order;
const C_FACTOR = (C << PRECISION) / BN254.order;
/** Above the highest bit of what is split by two at least: |k1| and |k2| are at most A + B. */
export const SPLIT_BITS = 130;

export function split(k: bigint): [bigint, bigint] {
  const [c1, c2] = [(k * C_FACTOR) >> PRECISION, (k * B_FACTOR) >> PRECISION];
  return [k - c1 * A - c2 * B, c2 * C - c1 * B];
}
