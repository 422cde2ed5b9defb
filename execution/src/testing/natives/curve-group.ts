/** The groups of BN254 and BLS12-381 by @noble/curves, which the reference computes with too, and the EVM's encodings of their points. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bn254 } from "@noble/curves/bn254.js";
import { bigIntToBytes, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

export type Curve = "bn254" | "bls12-381";
/** What both groups of both curves have; noble has no common type. */
export type NoblePoint = {
  add(other: NoblePoint): NoblePoint;
  double(): NoblePoint;
  negate(): NoblePoint;
  /** For factors below the order. */
  multiplyUnsafe(factor: bigint): NoblePoint;
  is0(): boolean;
  toAffine(): { x: unknown; y: unknown };
};
type Element = bigint | { c0: bigint; c1: bigint };
type Field = { add(a: Element, b: Element): Element; mul(a: Element, b: Element): Element; sqrt(a: Element): Element };

export type CurveGroup = {
  base: NoblePoint;
  zero: NoblePoint;
  /** Of the subgroup, and what all points of the curve have beside it. */
  order: bigint;
  cofactor: bigint;
  /** Of the field; a coordinate has `width` bytes after `pad` zeros, a point `coordinates` of them. */
  modulus: bigint;
  width: number;
  pad: number;
  coordinates: 2 | 4;
  bytes: number;
  encode(point: NoblePoint): Bytes;
  /** A point of the curve with this x, where there is one; of any order. */
  lift(x: Element): NoblePoint | undefined;
};

export function curveGroup(curve: Curve, group: "G1" | "G2"): CurveGroup {
  const [bls, second] = [curve === "bls12-381", group === "G2"];
  const { fields, ...groups } = bls ? bls12_381 : bn254;
  const Point = groups[group].Point as unknown as {
    BASE: NoblePoint;
    ZERO: NoblePoint;
    CURVE(): { h: bigint; b: Element };
    fromAffine(point: { x: Element; y: Element }): NoblePoint;
  };
  const field = (second ? fields.Fp2 : fields.Fp) as unknown as Field;
  const { h: cofactor, b } = Point.CURVE();
  const [pad, width, coordinates] = [bls ? 16 : 0, bls ? 48 : 32, second ? 4 : 2] as const;
  const bytes = coordinates * (pad + width);
  return {
    base: Point.BASE,
    zero: Point.ZERO,
    order: fields.Fr.ORDER,
    cofactor,
    modulus: fields.Fp.ORDER,
    ...{ width, pad, coordinates, bytes },
    encode(point) {
      if (point.is0()) return new Uint8Array(bytes);
      const { x, y } = point.toAffine();
      const parts = [x, y].flatMap((element) => (second ? components(element as { c0: bigint; c1: bigint }, bls) : [element as bigint]));
      return concatBytes(...parts.map((part) => bigIntToBytes(part, pad + width)));
    },
    lift(x) {
      try {
        return Point.fromAffine({ x, y: field.sqrt(field.add(field.mul(field.mul(x, x), x), b)) });
      } catch {
        return undefined; // not a square: no point has this x
      }
    },
  };
}

/** BN254's precompiles have the imaginary part first (EIP-197), those of BLS12-381 the real one (EIP-2537). */
function components({ c0, c1 }: { c0: bigint; c1: bigint }, realFirst: boolean): bigint[] {
  return realFirst ? [c0, c1] : [c1, c0];
}
