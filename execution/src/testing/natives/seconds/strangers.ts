/** Points of the curve outside the subgroup: what a test of membership that asks too little lets in. */
import { bytesToBigInt } from "@noema/core/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import type { CurveGroup, NoblePoint } from "../curve-group.ts";

/** Orders up to here have points of their own. */
const SMALL = 12_000n;
const OF_EACH = 3;

/** None where the whole curve is the subgroup. */
export function strangers(random: SeededRandom, group: CurveGroup): NoblePoint[] {
  const { cofactor, order, base } = group;
  if (cofactor === 1n) return [];
  const whole = Array.from({ length: OF_EACH }, () => anyPoint(random, group));
  const ofCofactor = whole.map((point) => times(point, order));
  const ofSmallOrder = powersOfSmallPrimes(cofactor).map((power) => {
    for (;;) {
      const point = times(anyPoint(random, group), (order * cofactor) / power);
      if (!point.is0()) return point;
    }
  });
  const alone = [...ofCofactor, ...ofSmallOrder];
  return [...whole, ...alone, ...alone.map((point) => point.add(base))];
}

/** As often as they divide. */
function powersOfSmallPrimes(value: bigint): bigint[] {
  const powers: bigint[] = [];
  let rest = value;
  for (let prime = 2n; prime < SMALL; prime++) {
    let power = 1n;
    for (; rest % prime === 0n; rest /= prime) power *= prime;
    if (power > 1n) powers.push(power);
  }
  return powers;
}

/** By any factor, of points of any order: noble's own wants one below the order. */
function times(point: NoblePoint, factor: bigint): NoblePoint {
  let [sum, double] = [point, point];
  let rest = factor - 1n;
  for (; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = sum.add(double);
    double = double.double();
  }
  return sum;
}

/** Any order: a sum of many points of it is in the subgroup by chance alone. */
function anyPoint(random: SeededRandom, group: CurveGroup): NoblePoint {
  for (;;) {
    const [c0, c1] = [0, 1].map(() => bytesToBigInt(random.bytes(group.width)) % group.modulus) as [bigint, bigint];
    const point = group.lift(group.coordinates === 2 ? c0 : { c0, c1 });
    if (point !== undefined) return point;
  }
}
