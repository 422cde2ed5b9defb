/** Points of BN254 and BLS12-381 by @noble/curves, which the reference computes with too: of the subgroup, outside it, off the curve. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { bn254 } from "@noble/curves/bn254.js";
import { bigIntToBytes, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { element, pick } from "./bytes.ts";

type Curve = typeof bn254 | typeof bls12_381;
export type PointSource = {
  /** Encoded; of the subgroup, or infinity. */
  good(): Bytes;
  /** Encoded; anything. */
  any(): Bytes;
};

const POOL = 24;

/** `pad`: zeros before a coordinate of `width` bytes; `imaginaryFirst`: of G2. */
export function pointSource(random: SeededRandom, curve: Curve, group: "G1" | "G2"): PointSource {
  const bls = curve === bls12_381;
  const [pad, width] = bls ? [16, 48] : [0, 32];
  // biome-ignore lint/suspicious/noExplicitAny: noble's two groups have no common type
  const Point = (curve[group] as any).Point;
  const modulus: bigint = curve.fields.Fp.ORDER;
  const write = (...coordinates: bigint[]) => concatBytes(...coordinates.map((c) => bigIntToBytes(c, pad + width)));
  const encode = (x: unknown, y: unknown) => {
    if (group === "G1") return write(x as bigint, y as bigint);
    const [a, b] = [x, y] as { c0: bigint; c1: bigint }[];
    return bls ? write(a!.c0, a!.c1, b!.c0, b!.c1) : write(a!.c1, a!.c0, b!.c1, b!.c0);
  };
  const pool = Array.from({ length: POOL }, (_, i) => Point.BASE.multiply(BigInt(i + 1) * 0x1234567890abcdef1234567n));
  pool.push(Point.BASE, Point.BASE.negate());
  const outside: Bytes[] = [];
  const field = group === "G1" ? curve.fields.Fp : curve.fields.Fp2;
  const coefficient = b(curve, group);
  for (let i = 0; outside.length < 8; i++) {
    const x = group === "G1" ? BigInt(i) : { c0: BigInt(i), c1: BigInt(i * i + 1) };
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const f = field as any;
    const square = f.add(f.mul(f.sqr(x), x), coefficient);
    try {
      outside.push(encode(x, f.sqrt(square)));
    } catch {} // not a square: no point has this x
  }
  const good = () => {
    if (random.chance(0.05)) return new Uint8Array((group === "G1" ? 2 : 4) * (pad + width));
    const at = random.integer(pool.length);
    const { x, y } = pool[at].toAffine();
    if (random.chance(0.5)) pool[at] = pool[at].add(pick(random, pool));
    if (pool[at].is0()) pool[at] = Point.BASE;
    return encode(x, y);
  };
  const any = () => {
    const kind = random.integer(20);
    if (kind < 13) return good();
    if (kind < 16) return pick(random, outside);
    const coordinates = Array.from({ length: group === "G1" ? 2 : 4 }, () =>
      concatBytes(new Uint8Array(pad), element(random, modulus, width)),
    );
    if (kind === 16) return concatBytes(...coordinates);
    const point = good().slice();
    const half = point.length / 2;
    if (kind === 17 && random.chance(0.3)) return random.chance(0.5) ? point.fill(0, half) : point.fill(0, 0, half); // y or x of 0
    if (kind === 17) point.set(coordinates[0]!, random.integer(coordinates.length) * (pad + width)); // off the curve, or not in the field
    if (kind === 18 && pad > 0) point[random.integer(coordinates.length) * (pad + width) + random.integer(pad)] = 1 + random.integer(255);
    if (kind === 19) point[random.integer(point.length)]! ^= 1 << random.integer(8);
    return point;
  };
  return { good, any };
}

/** The constant term of the curve's equation. */
function b(curve: Curve, group: "G1" | "G2"): unknown {
  if (group === "G1") return curve === bls12_381 ? 4n : 3n;
  if (curve === bls12_381) return { c0: 4n, c1: 4n };
  const { Fp2 } = curve.fields;
  return Fp2.div({ c0: 3n, c1: 0n } as never, { c0: 9n, c1: 1n } as never);
}
