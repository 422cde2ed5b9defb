/** The multi-scalar multiplications of BLS12-381 (0x0c, 0x0e) by logarithms: the sum of k_i [a_i]G is one multiplication of G. */
import { bytesToBigInt, concatBytes } from "@noema/core/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { pick, scalar, word } from "../bytes.ts";
import { curveGroup } from "../curve-group.ts";
import type { Precompile } from "../reference.ts";
import { lengthFault, pointFault, withFaults } from "./faults.ts";
import { few, type Known, type Second, secondByAlgebra } from "./known.ts";
import { type KnownPoint, knownPoints, modulo } from "./points.ts";

type Term = { point: KnownPoint; factor: bigint };

/** -x, the curve's parameter: endomorphisms multiply by its powers, and scalars are split by them. */
const X = 0xd201000000010000n;
/** 128 have a discount of their own. */
const MOST = 140;

export function sums(random: SeededRandom, which: "G1" | "G2", library: Precompile): Second {
  const points = knownPoints(random, curveGroup("bls12-381", which));
  const { group, negated, times } = points;
  const fault = pointFault(random, group);
  const encode = (terms: Term[]) => concatBytes(...terms.flatMap(({ point, factor }) => [point.bytes, word(factor)]));
  const sum = (terms: Term[]) => terms.reduce((total, { point, factor }) => (total + point.scalar * factor) % group.order, 0n);

  const factor = () => (random.chance(0.15) ? splitEdge(random, group.order) : bytesToBigInt(scalar(random, group.order)));
  const next = (): Term => ({ point: points.next(), factor: factor() });
  /** What meets its equal or its negative in the same bucket. */
  const related = (terms: Term[]): Term => {
    const { point, factor: same } = pick(random, terms);
    return { point: random.chance(0.5) ? point : negated(point), factor: random.chance(0.5) ? same : factor() };
  };
  const valid = (): Term[] => {
    const terms = [next()];
    const count = 1 + (random.chance(0.02) ? random.integer(MOST) : few(random));
    while (terms.length < count) terms.push(random.chance(0.2) ? related(terms) : next());
    if (random.chance(0.05)) terms.splice(random.integer(terms.length + 1), 0, { point: times(-sum(terms)), factor: 1n });
    return terms;
  };
  const refused = (): Known => {
    const terms = Array.from({ length: 1 + random.integer(3) }, next);
    if (random.chance(0.15)) return { data: lengthFault(random, encode(terms)) };
    const spoiled = withFaults(random, terms, ({ point, factor }) => ({ point: { ...point, bytes: fault(point.bytes) }, factor }));
    return { data: encode(spoiled) };
  };
  const made = (): Known => {
    if (random.chance(0.15)) return refused();
    const terms = valid();
    return { data: encode(terms), computed: times(sum(terms)).bytes };
  };
  return secondByAlgebra(made, priceOf(library), library);
}

/** c_1 x^i + c_2 x^j + d, the c and d small: digits of 0, of x - 1, and what carries over. */
function splitEdge(random: SeededRandom, order: bigint): bigint {
  const part = () => BigInt(random.integer(5) - 2) * X ** BigInt(random.integer(4));
  return modulo(part() + part() + BigInt(random.integer(5) - 2), order);
}

/** The library's discounts, by what it takes of as many points at infinity; each asked once. */
function priceOf(library: Precompile): (length: number) => Promise<bigint> {
  const prices = new Map<number, Promise<bigint>>();
  return (length) => {
    const ask = async () => (await library({ data: new Uint8Array(length), gasLimit: 1n << 40n })).gasUsed;
    const price = prices.get(length) ?? ask();
    prices.set(length, price);
    return price;
  };
}
