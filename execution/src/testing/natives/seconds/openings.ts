/**
 * The point evaluation (0x0a) of known polynomials: f(z) = y is proven by the commitment of a q with f(X) - y = (X - z) q(X). Nobody
 * knows tau, so of polynomials of a low degree no others satisfy the pairing. No pairing is computed.
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToBigInt, concatBytes } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { pick, scalar, word } from "../bytes.ts";
import type { Precompile } from "../reference.ts";
import { flipped, lengthFault } from "./faults.ts";
import { type Known, type Second, secondByAlgebra } from "./known.ts";
import { openingFault } from "./opening-faults.ts";
import { modulo } from "./points.ts";

/** Coefficients, from the constant on; below the order. */
type Polynomial = readonly bigint[];
type Claim = { f: Polynomial; z: bigint; y: bigint; q: Polynomial };

const GAS = 50_000n;
/** Commitments cost milliseconds: quotients are used again, with another z and y. */
const QUOTIENTS = 64;
const ORDER = bls12_381.fields.Fr.ORDER;
/** FIELD_ELEMENTS_PER_BLOB and BLS_MODULUS (EIP-4844). */
const SUCCESS = concatBytes(word(4096), word(ORDER));
const { Point } = bls12_381.G1;
/** tau, its square and its cube times G1's generator, of Ethereum's ceremony (seconds.test.ts holds them against [tau]G2). */
export const POWERS_OF_TAU = [
  "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81",
  "8029c8ce0d2dce761a7f29c2df2290850c85bdfaec2955626d7acc8864aeb01fe16c9e156863dc63b6c22553910e27c1",
  "b1386c995d3101d10639e49b9e5d39b9a280dcf0f135c2e6c6928bb3ab8309a9da7178f33925768c324f11c3762cfdd5",
];

export function openings(random: SeededRandom, library: Precompile): Second {
  const powers = [Point.BASE, ...POWERS_OF_TAU.map((power) => Point.fromHex(power).precompute(8))];
  const commitments = new WeakMap<Polynomial, Bytes>();
  const commit = (polynomial: Polynomial): Bytes => {
    const sum = () => polynomial.reduce((sum, c, i) => (c === 0n ? sum : sum.add(powers[i]!.multiplyUnsafe(c))), Point.ZERO);
    const bytes = commitments.get(polynomial) ?? sum().toBytes(true);
    commitments.set(polynomial, bytes);
    return bytes.slice();
  };
  const number = () => modulo(bytesToBigInt(scalar(random, ORDER)), ORDER);
  const quotient = (): Polynomial => Array.from({ length: random.integer(4) }, number);
  const quotients = Array.from({ length: QUOTIENTS }, quotient);
  const fault = openingFault(random);

  const truth = (): Claim => {
    const [z, y] = [number(), number()];
    if (random.chance(0.1)) quotients[random.integer(QUOTIENTS)] = quotient();
    const q = pick(random, quotients);
    return { f: plus(timesLinear(q, z), 0, y), z, y, q };
  };
  const altered = ({ f, z, y, q }: Claim): Claim => {
    const by = random.chance(0.5) ? 1n : number();
    const alterations: (() => Claim)[] = [
      () => ({ f, z, q, y: modulo(y + by, ORDER) }),
      () => ({ f, z: modulo(z + by, ORDER), q, y }),
      () => ({ f: plus(f, random.integer(4), by), z, q, y }),
      () => ({ f, z, q: plus(q, random.integer(3), by), y }),
      () => ({ f: plus(f, 0, by), z, q, y: modulo(y + by, ORDER) }), // as true as before
      () => ({ f: negated(f), z, q, y }),
      () => ({ f, z, q: negated(q), y }),
      () => ({ f: negated(f), z, q: negated(q), y: modulo(-y, ORDER) }), // as true as before
      () => ({ f: q, z, q: f, y }),
      () => ({ f, z: y, q, y: z }),
    ];
    return pick(random, alterations)();
  };
  const parts = ({ f, z, y, q }: Claim): Bytes[] => [word(z), word(y), commit(f), commit(q)];
  const made = (): Known => {
    const claim = random.chance(0.5) ? truth() : altered(truth());
    const good = parts(claim);
    if (random.chance(0.85)) return { data: encode(good), computed: holds(claim) ? SUCCESS.slice() : { failure: "INVALID_PROOF" } };
    if (random.chance(0.1)) return { data: lengthFault(random, encode(good)) };
    if (random.chance(0.1)) return { data: concatBytes(flipped(random, encode(good).slice(0, 32)), ...good) };
    return { data: encode(fault(random.chance(0.3) ? fault(good) : good)) };
  };
  return secondByAlgebra(made, () => GAS, library);
}

/** With the versioned hash of the commitment. */
function encode(parts: Bytes[]): Bytes {
  const hash = sha256(parts[2] as Bytes);
  hash[0] = 1;
  return concatBytes(hash, ...parts);
}

/** f(X) - y = (X - z) q(X). */
function holds({ f, z, y, q }: Claim): boolean {
  const [left, right] = [plus(f, 0, -y), timesLinear(q, z)];
  return Array.from({ length: Math.max(left.length, right.length) }).every((_, i) => (left[i] ?? 0n) === (right[i] ?? 0n));
}

/** (X - z) q(X). */
function timesLinear(q: Polynomial, z: bigint): Polynomial {
  return Array.from({ length: q.length + 1 }, (_, i) => modulo((q[i - 1] ?? 0n) - z * (q[i] ?? 0n), ORDER));
}

function plus(polynomial: Polynomial, at: number, by: bigint): Polynomial {
  const out = [...polynomial];
  while (out.length <= at) out.push(0n);
  out[at] = modulo((out[at] as bigint) + by, ORDER);
  return out;
}

function negated(polynomial: Polynomial): Polynomial {
  return polynomial.map((c) => modulo(-c, ORDER));
}
