/** Sums that meet equal, opposite and infinite points on their way, and numbers at the edges; random input: ../differential.test.ts. */
import { bn254 } from "@noble/curves/bn254.js";
import { p256 } from "@noble/curves/nist.js";
import { bytesToBigInt, concatBytes, toHex } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import { word } from "../../../testing/natives/bytes.ts";
import { bn254Add, bn254Multiply } from "../bn254.ts";
import type { Native } from "../outcome.ts";
import { p256Verify } from "../p256.ts";
import { BN254, P256 } from "./curves.ts";
import { LAMBDA, SPLIT_BITS, split } from "./scalars.ts";

type Point = { toAffine(): { x: bigint; y: bigint }; is0(): boolean };

const seed = process.env.NOEMA_SEED ?? String(Date.now());
const random = createSeededRandom(seed);
const mod = (a: bigint, m: bigint) => ((a % m) + m) % m;
const scalar = (order: bigint) => bytesToBigInt(random.bytes(32)) % order;

console.log(`NOEMA_SEED=${seed}`);

async function run(native: Native, data: Uint8Array): Promise<string> {
  const { failure, output } = await native({ data, gasLimit: 10n ** 9n });
  return failure ?? toHex(output);
}

function encode(point: Point): Uint8Array {
  if (point.is0()) return new Uint8Array(64);
  const { x, y } = point.toAffine();
  return concatBytes(word(x), word(y));
}

const G = bn254.G1.Point.BASE;
const times = (k: bigint) => (mod(k, BN254.order) === 0n ? bn254.G1.Point.ZERO : G.multiply(mod(k, BN254.order)));

it("splits a factor into halves", () => {
  const edges = [0n, 1n, 2n, BN254.order - 1n, BN254.order >> 1n, LAMBDA, LAMBDA - 1n, LAMBDA + 1n, BN254.order - LAMBDA];
  for (const k of [...edges, ...Array.from({ length: 2000 }, () => scalar(BN254.order))]) {
    const [k1, k2] = split(k);
    expect(mod(k1 + k2 * LAMBDA, BN254.order)).toBe(k);
    for (const part of [k1, k2]) expect(part < 1n << BigInt(SPLIT_BITS - 2) && part > -(1n << BigInt(SPLIT_BITS - 2))).toBe(true);
  }
});

it("adds equal and opposite points of BN254, and infinity", async () => {
  for (const [a, b] of [
    [1n, 1n],
    [1n, -1n],
    [0n, 5n],
    [5n, 0n],
    [0n, 0n],
    [LAMBDA, -LAMBDA],
    [LAMBDA, 1n],
    [7n, -3n],
  ] as const) {
    expect(await run(bn254Add, concatBytes(encode(times(a)), encode(times(b)))), `${a} ${b}`).toBe(toHex(encode(times(a + b))));
  }
});

it("multiplies in BN254 by what splits into small parts, and by what is not below the order", async () => {
  const factors: bigint[] = [BN254.order, (1n << 256n) - 1n, 1n << 255n];
  for (let i = -9n; i <= 9n; i += 3n) for (let j = -9n; j <= 9n; j += 3n) factors.push(mod(i + j * LAMBDA, BN254.order));
  for (const k of factors) {
    const point = times(random.chance(0.5) ? 1n : scalar(BN254.order));
    const product = mod(k, BN254.order) === 0n ? bn254.G1.Point.ZERO : point.multiply(mod(k, BN254.order));
    expect(await run(bn254Multiply, concatBytes(encode(point), word(k))), `${k}`).toBe(toHex(encode(product)));
  }
});

/** A signature whose u1 and u2 are these, of the key `q` G: r is x of their sum, unless another is given. */
function signature(u1: bigint, u2: bigint, q: bigint, given?: bigint): Uint8Array {
  const n = P256.order;
  const sum = mod(u1 + u2 * q, n);
  const r = given ?? (sum === 0n ? 1n : mod(p256.Point.BASE.multiply(sum).toAffine().x, n));
  const s = mod(r * p256.Point.Fn.inv(mod(u2, n)), n);
  return concatBytes(word(mod(u1 * s, n)), word(r), word(s), encode(p256.Point.BASE.multiply(mod(q, n))));
}

it("verifies on P-256 where multiples of the key and of the generator meet", async () => {
  const one = toHex(word(1));
  for (const q of [1n, 2n, -1n, scalar(P256.order)]) {
    for (const u1 of [0n, 1n, 3n, 16n, -1n, 129n]) {
      for (const u2 of [1n, 5n, -1n, -u1 || 2n]) {
        const infinite = mod(u1 + u2 * q, P256.order) === 0n;
        expect(await run(p256Verify, signature(u1, u2, q)), `${u1} ${u2} ${q}`).toBe(infinite ? "" : one);
        expect(await run(p256Verify, signature(u1, u2, q, 3n)), `${u1} ${u2} ${q}, another r`).toBe("");
      }
    }
  }
});

it("goes on from infinity in the middle of a sum", async () => {
  // 1025 G + 1024 (-G): the digits at 2^10 cancel out, those at 1 are still to come
  expect(await run(p256Verify, signature(1025n, 1024n, -1n))).toBe(toHex(word(1)));
  expect(await run(p256Verify, signature(1024n, 1025n, -1n))).toBe(toHex(word(1)));
});

it("refuses coordinates that are not below the prime", async () => {
  const refused = "REVERT";
  const { x, y } = G.toAffine();
  for (const [a, b] of [
    [x + BN254.prime, y],
    [x, y + BN254.prime],
    [BN254.prime, 0n],
    [(1n << 256n) - 1n, y],
  ] as const) {
    for (const zeros of [64, 0]) {
      const data = concatBytes(new Uint8Array(zeros), word(a), word(b), new Uint8Array(64 - zeros));
      expect(await run(bn254Add, data)).toBe(refused);
    }
    expect(await run(bn254Multiply, concatBytes(word(a), word(b), word(1)))).toBe(refused);
  }
  const [root, n] = [p256.Point.Fp.sqrt(P256.b), P256.order]; // of the point with x = 0
  const r =
    p256.Point.BASE.multiply(5n)
      .add(p256.Point.fromAffine({ x: 0n, y: root }).multiply(7n))
      .toAffine().x % n;
  const s = mod(r * p256.Point.Fn.inv(7n), n);
  const verify = (x: bigint) => run(p256Verify, concatBytes(word(mod(5n * s, n)), word(r), word(s), word(x), word(root)));
  expect(await verify(0n)).toBe(toHex(word(1)));
  expect(await verify(P256.prime)).toBe("");
});

it("takes r for x = r + n as well, while that is below p", async () => {
  // A point whose x is n + 11 or the next: u1 G + u2 Q is that point with u1 = 0, u2 = 1, s = r and Q = the point.
  let x = P256.order + 11n;
  const square = () => mod(x ** 3n - P256.minusA * x + P256.b, P256.prime);
  while (!isSquare(square())) x++;
  const y = p256.Point.Fp.sqrt(square());
  const r = x - P256.order;
  const verify = (r: bigint) => run(p256Verify, concatBytes(word(0), word(r), word(r), word(x), word(y)));
  expect(await verify(r)).toBe(toHex(word(1)));
  expect(await verify(r + 1n)).toBe("");
  expect(await verify(x), "r is below the order").toBe("");
});

function isSquare(a: bigint): boolean {
  return p256.Point.Fp.pow(a, (P256.prime - 1n) / 2n) === 1n;
}
