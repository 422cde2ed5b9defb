/** The endomorphism's answer against a multiplication by the order (by @noble/curves), for points of every kind of the twist. */
import { bn254 } from "@noble/curves/bn254.js";
import { bigIntToBytes, bytesToBigInt, concatBytes } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import { subgroupTest } from "./bn254-subgroup.ts";
import { bn254Curve, type Mcl } from "./mcl.ts";
import { groupTwo } from "./points.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
const random = createSeededRandom(seed);
console.log(`NOEMA_SEED=${seed}`);

const { Fp, Fp2 } = bn254.fields;
const { Point } = bn254.G2;
const ORDER = bn254.fields.Fr.ORDER;
/** Of the twist's points: 2p - r times the order, with the factor 10069. */
const COFACTOR = 2n * Fp.ORDER - ORDER;
const SMALL = 10_069n;
type PointTwo = InstanceType<typeof Point>;

function onTwist(): PointTwo {
  const b = Fp2.div({ c0: 3n, c1: 0n } as never, { c0: 9n, c1: 1n } as never);
  for (;;) {
    const x = Fp2.fromBigTuple([bytesToBigInt(random.bytes(32)) % Fp.ORDER, bytesToBigInt(random.bytes(32)) % Fp.ORDER]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b);
    try {
      return Point.fromAffine({ x, y: Fp2.sqrt(square) });
    } catch {} // not a square: no point has this x
  }
}

/** Any factor: the library's own wants one below the order. */
function multiply(point: PointTwo, factor: bigint): PointTwo {
  let sum = Point.ZERO;
  for (const bit of factor.toString(2)) {
    sum = sum.double();
    if (bit === "1") sum = sum.add(point);
  }
  return sum;
}

it("knows the subgroup", async () => {
  const mcl = await bn254Curve((loaded: Mcl) => loaded);
  const [group, inSubgroup, at] = [groupTwo(mcl, [0, 1, 2, 3]), subgroupTest(mcl), mcl.scratch[0]];
  const says = (point: PointTwo) => {
    const { x, y } = point.toAffine();
    expect(group.read(at, concatBytes(...[x.c0, x.c1, y.c0, y.c1].map((part) => bigIntToBytes(part, 32))), 0)).toBe("finite");
    return inSubgroup(at);
  };
  expect(COFACTOR % SMALL).toBe(0n);
  for (let i = 0; i < 8; i++) {
    const point = onTwist();
    const inside = multiply(point, COFACTOR);
    const outside = multiply(point, ORDER);
    const small = multiply(outside, COFACTOR / SMALL);
    expect(multiply(inside, ORDER).is0()).toBe(true);
    expect([inside, Point.BASE, Point.BASE.negate()].map(says)).toEqual([true, true, true]);
    const others = [point, outside, small, inside.add(outside), inside.add(small)].filter((other) => !multiply(other, ORDER).is0());
    expect(others.length).toBeGreaterThanOrEqual(3);
    expect(others.map(says)).toEqual(others.map(() => false));
  }
});
