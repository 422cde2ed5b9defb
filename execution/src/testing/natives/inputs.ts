/** Inputs of every precompile, by address, from a seed. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bn254 } from "@noble/curves/bn254.js";
import { p256 } from "@noble/curves/nist.js";
import { bigIntToBytes, bytesToBigInt, concatBytes } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { signHash } from "../../transactions/secp256k1.ts";
import { element, pick, scalar, spoiled, word } from "./bytes.ts";
import { pointSource } from "./curve-points.ts";

export type Inputs = () => Bytes;

const SECP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const BLS_ORDER = bls12_381.fields.Fr.ORDER;
const BN_ORDER = bn254.fields.Fr.ORDER;
const P256_ORDER = p256.Point.Fn.ORDER;

/** `most`: pairs of a multi-scalar multiplication; a pairing has a quarter of them. */
export function inputsOf(address: number, random: SeededRandom, most = 6): Inputs {
  const spoil =
    (inputs: Inputs, share = 0.1) =>
    () =>
      random.chance(share) ? spoiled(random, inputs()) : inputs();
  switch (address) {
    case 0x01:
      return spoil(() => ecrecover(random));
    case 0x02:
    case 0x03:
    case 0x04:
      return () => random.bytes(random.integer(random.chance(0.1) ? 4000 : 200));
    case 0x05:
      return spoil(() => modexp(random));
    case 0x06:
    case 0x07: {
      const points = pointSource(random, "bn254", "G1");
      const second = address === 0x06 ? points.any : () => scalar(random, BN_ORDER);
      return spoil(() => concatBytes(points.any(), related(random, second)));
    }
    case 0x08: {
      const [one, two] = [pointSource(random, "bn254", "G1"), pointSource(random, "bn254", "G2")];
      return spoil(() => pairs(random, most >> 2, one, two));
    }
    case 0x09: {
      const next = spoil(() => concatBytes(new Uint8Array(3), random.bytes(209), Uint8Array.of(pick(random, [0, 0, 0, 1, 1, 1, 2, 255]))));
      return () => {
        const data = next();
        return data.length === 213 ? data.fill(0, 0, 2) : data; // a spoiled bit may make millions of rounds: a minute each
      };
    }
    case 0x0a:
      return kzg(random);
    case 0x0b:
    case 0x0d: {
      const { any } = pointSource(random, "bls12-381", address === 0x0b ? "G1" : "G2");
      return spoil(() => {
        const first = any();
        return concatBytes(first, random.chance(0.1) ? first : any());
      });
    }
    case 0x0c:
    case 0x0e: {
      const points = pointSource(random, "bls12-381", address === 0x0c ? "G1" : "G2");
      return spoil(() => {
        const next = random.chance(0.7) ? points.good : points.any;
        const count = 1 + random.integer(random.chance(0.02) ? 128 : most);
        return concatBytes(...Array.from({ length: count }, () => concatBytes(next(), scalar(random, BLS_ORDER))));
      });
    }
    case 0x0f: {
      const [one, two] = [pointSource(random, "bls12-381", "G1"), pointSource(random, "bls12-381", "G2")];
      return spoil(() => pairs(random, most >> 2, one, two));
    }
    case 0x10:
    case 0x11: {
      const { Fp } = bls12_381.fields;
      const one = () => concatBytes(new Uint8Array(16), element(random, Fp.ORDER, 48));
      return spoil(address === 0x10 ? one : () => concatBytes(one(), one()));
    }
    case 0x100:
      return spoil(() => p256Input(random));
    default:
      throw new Error(`no inputs for ${address}`);
  }
}

/** Now and then short, so that zeros are filled in. */
function related(random: SeededRandom, next: () => Bytes): Bytes {
  const bytes = next();
  return random.chance(0.05) ? bytes.subarray(0, random.integer(bytes.length)) : bytes;
}

function ecrecover(random: SeededRandom): Bytes {
  const hash = random.bytes(32);
  const v = word(pick(random, [27, 27, 27, 28, 28, 28, 0, 1, 26, 29, 255]));
  if (random.chance(0.1)) v[random.integer(31)] = 1;
  if (random.chance(0.4)) return concatBytes(hash, v, scalar(random, SECP_ORDER), scalar(random, SECP_ORDER));
  const { signature } = signHash(hash, sha256(hash));
  return concatBytes(hash, v, signature);
}

function modexp(random: SeededRandom): Bytes {
  const lengths = [0, 1, 2, 4, 7, 8, 9, 16, 31, 32, 33, 40, 41, 64, 65, 96];
  const rare = [128, 192, 255, 256, 257, 1023, 1024, 1025];
  const length = () => pick(random, random.chance(0.01) ? rare : lengths);
  const number = (bytes: number) => {
    const out = random.bytes(bytes);
    const kind = random.integer(8);
    if (kind === 0) out.fill(0);
    if (kind === 1) out.fill(255);
    if (kind === 2 && bytes > 0) out.fill(0)[random.integer(bytes)] = 1 << random.integer(8);
    if (kind === 3) out.fill(0, random.integer(bytes + 1));
    if (kind === 4) out.fill(0, 0, random.integer(bytes + 1));
    return out;
  };
  const [base, exponent, modulus] = [number(length()), number(length()), number(length())];
  const declared = [base, exponent, modulus].map(({ length }) => word(length));
  if (random.chance(0.05))
    declared[random.integer(3)] = pick(random, [word(2n ** 31n), word(2n ** 64n - 1n), word(2n ** 256n - 1n), word(1025)]);
  return concatBytes(...declared, base, exponent, modulus);
}

type Source = { good(): Bytes; any(): Bytes };

/** Any number of pairs; half of them with a product that is one. */
function pairs(random: SeededRandom, most: number, one: Source, two: Source): Bytes {
  const next = random.chance(0.75) ? "good" : "any";
  const count = random.integer(random.chance(0.01) ? 10 : most + 2);
  const list = Array.from({ length: count }, () => concatBytes(one[next](), two[next]()));
  if (random.chance(0.5)) list.push(...list.map((pair) => negated(pair, pair.length === 192 ? bn254 : bls12_381)));
  return concatBytes(...list);
}

/** The same pair with -P for P: y of G1 is taken from the modulus. */
function negated(pair: Bytes, curve: typeof bn254 | typeof bls12_381): Bytes {
  const length = curve === bls12_381 ? 64 : 32;
  const y = bytesToBigInt(pair.subarray(length, 2 * length));
  const out = pair.slice();
  if (y < curve.fields.Fp.ORDER && y > 0n) out.set(bigIntToBytes(curve.fields.Fp.ORDER - y, length), length);
  return out;
}

function p256Input(random: SeededRandom): Bytes {
  const secret = bigIntToBytes((bytesToBigInt(random.bytes(32)) % (P256_ORDER - 1n)) + 1n, 32);
  const edge = random.integer(12);
  const hash =
    edge === 0 ? new Uint8Array(32) : edge === 1 ? word(P256_ORDER) : edge === 2 ? new Uint8Array(32).fill(255) : random.bytes(32);
  const key = p256.getPublicKey(edge === 3 ? word(1) : edge === 4 ? word(P256_ORDER - 1n) : secret, false).subarray(1);
  if (random.chance(0.2)) return concatBytes(hash, scalar(random, P256_ORDER), scalar(random, P256_ORDER), key);
  if (random.chance(0.1)) {
    const { ORDER } = p256.Point.Fp;
    return concatBytes(hash, random.bytes(64), element(random, ORDER, 32), element(random, ORDER, 32));
  }
  const signature = p256.sign(hash, edge === 3 ? word(1) : edge === 4 ? word(P256_ORDER - 1n) : secret, { prehash: false, lowS: false });
  const out = concatBytes(hash, signature, key);
  if (random.chance(0.2)) out.set(bigIntToBytes(P256_ORDER - bytesToBigInt(out.subarray(64, 96)), 32), 64); // the other s
  return out;
}

/** Openings of the polynomials c and c + d x at any z: their proofs are infinity and [d]G1. */
function kzg(random: SeededRandom): Inputs {
  const { Point } = bls12_381.G1;
  const tau = Point.BASE.multiply(1n); // [d]([tau]G1) is unknown: only constants open truly, the rest is refused
  const compressed = (n: bigint) => (n === 0n ? Point.ZERO : tau.multiply(n)).toBytes(true);
  return () => {
    const c = random.chance(0.1) ? 0n : (bytesToBigInt(random.bytes(32)) % (BLS_ORDER - 1n)) + 1n;
    const z = scalar(random, BLS_ORDER);
    const y = random.chance(0.7) ? word(c) : scalar(random, BLS_ORDER);
    const proof = random.chance(0.6) ? Point.ZERO.toBytes(true) : compressed(1n + BigInt(random.integer(1000)));
    const points: Bytes[] = [compressed(c), proof];
    if (random.chance(0.2)) points[random.integer(2)]![random.chance(0.5) ? 0 : random.integer(48)]! ^= 1 << random.integer(8);
    if (random.chance(0.1)) points[random.integer(2)] = random.bytes(48);
    const hash = sha256(points[0]!);
    hash[0] = 1;
    const data = concatBytes(hash, z, y, ...points);
    return random.chance(0.03) ? spoiled(random, data) : data;
  };
}
