/** What the precompiles of EIP-2537 compute, on mcl. Lengths, prices and the zeros before each coordinate: bls12-381-precompiles.ts. */
import { isInG1, isInG2 } from "@noema/core/crypto/subgroup";
import type { Bytes } from "@noema/core/ports/bytes";
import { blsCurve, CHUNK, FP, FR, lazy, type Mcl } from "./mcl.ts";
import { type Computed, FAILURE, type Failure } from "./outcome.ts";
import { pairingProduct } from "./pairing.ts";
import { type Group, groupOne, groupTwo, type Point } from "./points.ts";

/** Zero bytes before each coordinate. */
export const PAD = 16;
const ELEMENT = 64;
const SCALAR_BYTES = 32;
const NOT_IN_FIELD = { failure: FAILURE.BLS_12_381_FP_NOT_IN_FIELD };

type BlsGroup = Group & {
  /** Where bytes are not a point; undefined where they are. */
  failure: Record<Point, Failure | undefined>;
  /** Of bytes that are a finite point of the curve. */
  inSubgroup(data: Bytes, at: number): boolean;
};
export type Bls12381 = { mcl: Mcl; one: BlsGroup; two: BlsGroup };
type Curve = Bls12381;

export const bls12381 = lazy(() => blsCurve(createCurve));

function createCurve(mcl: Mcl): Curve {
  const failure = {
    finite: undefined,
    infinity: undefined,
    "zero y": FAILURE.REVERT,
    "not on curve": FAILURE.BLS_12_381_POINT_NOT_ON_CURVE,
  };
  return {
    mcl,
    one: {
      ...groupOne(mcl, PAD),
      failure: { ...failure, "not in field": FAILURE.REVERT },
      inSubgroup: (data, at) => isInG1(coordinates(data, at, [0, 1])),
    },
    two: {
      ...groupTwo(mcl, PAD, [0, 1, 2, 3]),
      failure: { ...failure, "not in field": FAILURE.BLS_12_381_FP_NOT_IN_FIELD },
      inSubgroup: (data, at) => isInG2(coordinates(data, at, [1, 0, 3, 2])), // blst has the imaginary part first
    },
  };
}

/** Points need not be in the subgroup (EIP-2537). */
export function add({ mcl }: Curve, group: Curve["one"], data: Bytes): Computed {
  const [a, b] = mcl.scratch;
  const failure = group.failure[group.read(a, data, 0)] ?? group.failure[group.read(b, data, group.bytes)];
  if (failure !== undefined) return { failure };
  group.add(a, a, b);
  return group.write(a);
}

/** sum scalar_i point_i, in chunks: what is held does not grow with the input. */
export function multiScalar({ mcl, ...groups }: Curve, which: "one" | "two", data: Bytes): Computed {
  const group = groups[which];
  const points = which === "one" ? mcl.g1s : mcl.g2s;
  const [total, part] = mcl.scratch;
  group.clear(total);
  let pairs = 0;
  const flush = () => {
    if (pairs === 0) return;
    group.sum(part, points, mcl.scalars, pairs);
    group.add(total, total, part);
    pairs = 0;
  };
  for (let at = 0; at < data.length; at += group.bytes + SCALAR_BYTES) {
    const to = points + pairs * group.size;
    const point = group.read(to, data, at);
    const failure = group.failure[subgroup(group, point, data, at)];
    if (failure !== undefined) return { failure };
    const scalar = mcl.scalars + pairs * FR;
    mcl.readFr(scalar, data, at + group.bytes);
    if (point === "finite" && mcl._mclBnFr_isZero(scalar) === 0) pairs++;
    if (pairs === CHUNK) flush();
  }
  flush();
  return group.write(total);
}

export function pairing({ mcl, one, two }: Curve, data: Bytes): Computed {
  const product = pairingProduct(mcl);
  for (let at = 0; at < data.length; at += one.bytes + two.bytes) {
    const to = product.next();
    const first = subgroup(one, one.read(to.one, data, at), data, at);
    if (one.failure[first] !== undefined) return { failure: one.failure[first] };
    const second = subgroup(two, two.read(to.two, data, at + one.bytes), data, at + one.bytes);
    if (two.failure[second] !== undefined) return { failure: two.failure[second] };
    if (first === "finite" && second === "finite") product.accept();
  }
  const out = new Uint8Array(32);
  out[31] = product.isOne() ? 1 : 0;
  return out;
}

export function mapToG1({ mcl, one }: Curve, data: Bytes): Computed {
  const [element, point] = mcl.scratch;
  if (!mcl.readFp(element, data, PAD)) return NOT_IN_FIELD;
  if (mcl._mclBnFp_mapToG1(point, element) !== 0) throw new Error("mcl maps an element of the field nowhere");
  return one.write(point);
}

export function mapToG2({ mcl, two }: Curve, data: Bytes): Computed {
  const [element, point] = mcl.scratch;
  if (!mcl.readFp(element, data, PAD) || !mcl.readFp(element + FP, data, ELEMENT + PAD)) return NOT_IN_FIELD;
  if (mcl._mclBnFp2_mapToG2(point, element) !== 0) throw new Error("mcl maps an element of the field nowhere");
  return two.write(point);
}

/** A finite point outside the subgroup counts as one that is not on the curve. */
function subgroup(group: BlsGroup, point: Point, data: Bytes, at: number): Point {
  return point === "finite" && !group.inSubgroup(data, at) ? "not on curve" : point;
}

/** Without the zeros before them, in an order. */
function coordinates(data: Bytes, at: number, order: readonly number[]): Bytes {
  const out = new Uint8Array(order.length * (ELEMENT - PAD));
  order.forEach((from, to) => {
    out.set(data.subarray(at + from * ELEMENT + PAD, at + (from + 1) * ELEMENT), to * (ELEMENT - PAD));
  });
  return out;
}
