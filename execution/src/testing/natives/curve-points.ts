/** Points of BN254 and BLS12-381: of the subgroup, outside it, off the curve. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { element, pick } from "./bytes.ts";
import { type Curve, type CurveGroup, curveGroup, type NoblePoint } from "./curve-group.ts";

export type PointSource = {
  /** Encoded; of the subgroup, or infinity. */
  good(): Bytes;
  /** Encoded; anything. */
  any(): Bytes;
};

const POOL = 24;
const OUTSIDE = 8;

export function pointSource(random: SeededRandom, curve: Curve, which: "G1" | "G2"): PointSource {
  const group = curveGroup(curve, which);
  const { base, bytes, coordinates, encode, modulus, pad, width } = group;
  const pool = Array.from({ length: POOL }, (_, i) => base.multiplyUnsafe(BigInt(i + 1) * 0x1234567890abcdef1234567n));
  pool.push(base, base.negate());
  const outside = smallAbscissas(group, OUTSIDE).map(encode);
  const good = () => {
    if (random.chance(0.05)) return new Uint8Array(bytes);
    const at = random.integer(pool.length);
    const point = pool[at] as NoblePoint;
    if (random.chance(0.5)) pool[at] = point.add(pick(random, pool));
    if (pool[at]?.is0()) pool[at] = base;
    return encode(point);
  };
  const any = () => {
    const kind = random.integer(20);
    if (kind < 13) return good();
    if (kind < 16) return pick(random, outside);
    const elements = Array.from({ length: coordinates }, () => concatBytes(new Uint8Array(pad), element(random, modulus, width)));
    if (kind === 16) return concatBytes(...elements);
    const point = good().slice();
    const half = point.length / 2;
    if (kind === 17 && random.chance(0.3)) return random.chance(0.5) ? point.fill(0, half) : point.fill(0, 0, half); // y or x of 0
    if (kind === 17) point.set(elements[0]!, random.integer(coordinates) * (pad + width)); // off the curve, or not in the field
    if (kind === 18 && pad > 0) point[random.integer(coordinates) * (pad + width) + random.integer(pad)] = 1 + random.integer(255);
    if (kind === 19) point[random.integer(point.length)]! ^= 1 << random.integer(8);
    return point;
  };
  return { good, any };
}

/** Points of the curve, of any order. */
function smallAbscissas(group: CurveGroup, count: number): NoblePoint[] {
  const found: NoblePoint[] = [];
  for (let i = 0n; found.length < count; i++) {
    const point = group.lift(group.coordinates === 2 ? i : { c0: i, c1: i * i + 1n });
    if (point !== undefined) found.push(point);
  }
  return found;
}
