/**
 * The pairings (0x08, 0x0f) by their logarithms: the product of e([a_i]G1, [b_i]G2) is one exactly when the sum of a_i b_i is zero
 * modulo the order. No pairing is computed.
 */
import { concatBytes } from "@noema/core/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { pick, word } from "../bytes.ts";
import { type Curve, curveGroup } from "../curve-group.ts";
import type { Precompile } from "../reference.ts";
import { lengthFault, pointFault, withFaults } from "./faults.ts";
import { few, type Known, type Second, secondByAlgebra } from "./known.ts";
import { inverse, type KnownPoint, knownPoints } from "./points.ts";

type Pair = [KnownPoint, KnownPoint];

/** EIP-1108 and EIP-2537. */
const PRICES = { bn254: { one: 45_000, pair: 34_000 }, "bls12-381": { one: 37_700, pair: 32_600 } } as const;
/** Around the natives' chunks: 32 pairs in own WebAssembly, 256 in mcl. */
const MANY = { bn254: 254, "bls12-381": 30 } as const;

export function pairings(random: SeededRandom, curve: Curve, library: Precompile): Second {
  const [one, two] = [knownPoints(random, curveGroup(curve, "G1")), knownPoints(random, curveGroup(curve, "G2"))];
  const [oneFault, twoFault] = [pointFault(random, one.group), pointFault(random, two.group)];
  const { order } = one.group;
  const encode = (pairs: Pair[]) => concatBytes(...pairs.flatMap(([a, b]) => [a.bytes, b.bytes]));
  const sum = (pairs: Pair[]) => pairs.reduce((total, [a, b]) => (total + a.scalar * b.scalar) % order, 0n);

  const next = (): Pair => [one.next(), two.next()];
  /** One point apart, or the same, or what takes it back. */
  const related = (pairs: Pair[]): Pair => {
    const [a, b] = pick(random, pairs);
    return pick(random, [() => [a, two.next()], () => [one.next(), b], () => [a, b], () => [one.negated(a), b]] as (() => Pair)[])();
  };
  /** A pair that makes the product one; or nearly. */
  const closing = (pairs: Pair[]): Pair => {
    let last = two.next();
    while (last.scalar === 0n) last = two.next();
    const missing = -sum(pairs) * inverse(last.scalar, order);
    return [one.times(random.chance(0.1) ? missing + 1n : missing), last];
  };
  const valid = (): Pair[] => {
    const pairs: Pair[] = [];
    const count = random.chance(0.0005) ? MANY[curve] + random.integer(4) : few(random);
    while (pairs.length < count) pairs.push(pairs.length > 0 && random.chance(0.2) ? related(pairs) : next());
    if (random.chance(0.55)) pairs.splice(random.integer(pairs.length + 1), 0, closing(pairs));
    else pairs.push(next());
    return pairs;
  };
  const refused = (): Known => {
    const pairs = Array.from({ length: 1 + random.integer(3) }, next);
    if (random.chance(0.15)) return { data: lengthFault(random, encode(pairs)) };
    const spoil = ([a, b]: Pair): Pair =>
      random.chance(0.5) ? [a, { ...b, bytes: twoFault(b.bytes) }] : [{ ...a, bytes: oneFault(a.bytes) }, b];
    return { data: encode(withFaults(random, pairs, spoil)) };
  };
  const made = (): Known => {
    if (random.chance(0.15)) return refused();
    const pairs = valid();
    return { data: encode(pairs), computed: word(sum(pairs) === 0n ? 1 : 0) };
  };
  const price = PRICES[curve];
  const bytes = one.group.bytes + two.group.bytes;
  return secondByAlgebra(made, (length) => BigInt(price.one + (length / bytes) * price.pair), library);
}
