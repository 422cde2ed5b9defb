/** Points of a subgroup whose logarithm is known. */
import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { pick } from "../bytes.ts";
import type { CurveGroup, NoblePoint } from "../curve-group.ts";

/** `scalar` times the group's generator, reduced; `bytes` as the EVM has it. */
export type KnownPoint = { scalar: bigint; point: NoblePoint; bytes: Bytes };
export type KnownPoints = {
  group: CurveGroup;
  next(): KnownPoint;
  /** One multiplication, by noble. */
  times(scalar: bigint): KnownPoint;
  negated(point: KnownPoint): KnownPoint;
};

const TABLE = 64;
/** Neighbours of infinity, whose sums and doubles are infinity and each other. */
const SMALL = [1n, 2n, 3n, -1n, -2n, -3n];

/** Cheap: a table, in which now and then one is replaced by a sum of two. */
export function knownPoints(random: SeededRandom, group: CurveGroup): KnownPoints {
  const known = (scalar: bigint, point: NoblePoint): KnownPoint => ({ scalar, point, bytes: group.encode(point) });
  const times = (scalar: bigint) => {
    const factor = modulo(scalar, group.order);
    return known(factor, factor === 0n ? group.zero : group.base.multiplyUnsafe(factor));
  };
  const table = Array.from({ length: TABLE }, () => times(bytesToBigInt(random.bytes(32))));
  const small = SMALL.map(times);
  const infinity = times(0n);
  return {
    group,
    times,
    next() {
      if (random.chance(0.05)) return infinity;
      if (random.chance(0.05)) return pick(random, small);
      const at = random.integer(TABLE);
      const [old, other] = [table[at] as KnownPoint, pick(random, table)];
      if (random.chance(0.1)) table[at] = known((old.scalar + other.scalar) % group.order, old.point.add(other.point));
      return old;
    },
    negated: ({ scalar, point }) => known(modulo(-scalar, group.order), point.negate()),
  };
}

export function modulo(value: bigint, order: bigint): bigint {
  return ((value % order) + order) % order;
}

/** Of what is not zero, by Fermat: the order is prime. */
export function inverse(value: bigint, order: bigint): bigint {
  let [out, square] = [1n, modulo(value, order)];
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) out = (out * square) % order;
    square = (square * square) % order;
  }
  return out;
}
