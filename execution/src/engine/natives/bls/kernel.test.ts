/** The kernel against @noble/curves: maps, sums of points and of multiples, products of pairings. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bigIntToBytes, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSeededRandom, type SeededRandom } from "@noema/core/testing/seeded-random";
import { describe, expect, it } from "vitest";
import { blsKernel, CHUNK, ORDER } from "./kernel.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
console.log(`NOEMA_SEED=${seed}`);

const kernel = blsKernel();
const P = bls12_381.fields.Fp.ORDER;
const X = 0xd201000000010000n;
const { Fp } = bls12_381.fields;
/** Where the map to G1 divides by 0: z u^2 = -1, z = 11; and where its isogeny does, whose image is at infinity. */
const EXCEPTION = Fp.sqrt(Fp.div(P - 1n, 11n));
const POLE = 0x1377c0192d99508a317127abf17c64205c7aad448380027efb47ae73ea231dbd6ecd3f2841b63d309c35bb8fd13e48f0n;
const ELEMENTS = [0n, 1n, 2n, P - 1n, P - 2n, (P - 1n) / 2n, (1n << 380n) - 1n, EXCEPTION, POLE];
const SCALARS = [1n, 2n, 7n, 8n, 15n, 16n, 31n, X - 1n, X, X + 1n, X * X - 1n, X * X, X ** 3n, (1n << 128n) - 1n, ORDER - 1n];

const pick = <T>(random: SeededRandom, from: readonly T[]) => from[random.integer(from.length)] as T;
const big = (random: SeededRandom, below: bigint) => BigInt(`0x${Buffer.from(random.bytes(64)).toString("hex")}`) % below;
const scalar = (random: SeededRandom) => (random.chance(0.3) ? pick(random, SCALARS) : big(random, ORDER - 1n) + 1n);
const encode = (...coordinates: bigint[]) => concatBytes(...coordinates.map((c) => bigIntToBytes(c, 64)));

type Fp2 = { c0: bigint; c1: bigint };
// biome-ignore lint/suspicious/noExplicitAny: noble's two groups have no common type
type Group = any;
const group = (second: boolean): Group => (second ? bls12_381.G2 : bls12_381.G1);

function bytes(point: Group): Bytes {
  if (point.is0()) return new Uint8Array(point instanceof bls12_381.G2.Point ? 256 : 128);
  const { x, y }: { x: bigint | Fp2; y: bigint | Fp2 } = point.toAffine();
  return encode(...[x, y].flatMap((c) => (typeof c === "bigint" ? [c] : [c.c0, c.c1])));
}

/** By noble, and by the kernel: sum k_i P_i, equal and opposite points and multiples among them. */
function multiples(random: SeededRandom, second: boolean, pairs: number): [Bytes, Bytes] {
  const { Point } = group(second);
  kernel.clear(second);
  let sum = Point.ZERO;
  let [point, k] = [Point.BASE, 1n];
  for (let slot = 0; slot < pairs; slot++) {
    if (slot === 0 || random.chance(0.7)) point = Point.BASE.multiply(scalar(random));
    else if (random.chance(0.5)) point = point.negate();
    if (slot === 0 || random.chance(0.7)) k = scalar(random);
    expect(kernel.read(second, slot, bytes(point), 0)).toBe("finite");
    kernel.scalar(second, slot, k);
    sum = sum.add(point.multiply(k));
  }
  kernel.sum(second, pairs);
  return [bytes(sum), kernel.write(second)];
}

describe.each([
  ["G1", false],
  ["G2", true],
] as const)("%s", (name, second) => {
  const random = createSeededRandom(seed).fork(name);

  it("maps elements of the field", () => {
    for (let i = 0; i < 30; i++) {
      const element = () => (random.chance(0.2) ? pick(random, ELEMENTS) : big(random, P));
      const u = i === 0 ? [0n, 0n] : [ELEMENTS[i] ?? element(), element()];
      const point = group(second).mapToCurve(second ? u : u[0]);
      expect(kernel.map(second, second ? encode(...u) : encode(u[0] as bigint)), `${u}`).toBe(true);
      expect(kernel.write(second), `${u}`).toEqual(bytes(point));
    }
    expect(kernel.map(second, second ? encode(0n, P) : encode(P))).toBe(false);
    if (second) return;
    kernel.map(second, encode(POLE));
    expect(kernel.write(second)).toEqual(new Uint8Array(128));
  });

  it("adds multiples of points", () => {
    for (const pairs of second ? [1, 2, 4] : [1, 1, 2, 3, CHUNK]) {
      const [theirs, mine] = multiples(random, second, pairs);
      expect(mine, `${pairs}`).toEqual(theirs);
    }
  });

  it("adds points, equal, opposite and infinite ones, too", () => {
    const { Point } = group(second);
    for (let i = 0; i < 15; i++) {
      const a = i % 5 === 4 ? Point.ZERO : Point.BASE.multiply(scalar(random));
      const b = [Point.BASE.multiply(scalar(random)), a, a.negate(), Point.ZERO, Point.BASE][i % 5];
      kernel.clear(second);
      for (const point of [a, b]) if (kernel.read(second, 0, bytes(point), 0) === "finite") kernel.accumulate(second, 0);
      expect(kernel.write(second)).toEqual(bytes(a.add(b)));
    }
  });

  it("knows what is a point", () => {
    const good = bytes(group(second).Point.BASE);
    const changed = (at: number, with_: Bytes) => {
      const data = good.slice();
      data.set(with_, at);
      return kernel.read(second, 0, data, 0);
    };
    expect(changed(0, good)).toBe("finite");
    expect(changed(0, new Uint8Array(good.length))).toBe("infinity");
    expect(changed(0, bigIntToBytes(P, 64))).toBe("not in field");
    expect(changed(good.length / 2, new Uint8Array(good.length / 2))).toBe("zero y");
    expect(changed(0, bigIntToBytes(P - 1n, 64))).toBe("not on curve");
  });
});

const made = new Map<string, Bytes>();
function multiple(second: boolean, k: bigint): Bytes {
  const key = `${second} ${k}`;
  const known = made.get(key) ?? bytes(group(second).Point.BASE.multiply(k));
  made.set(key, known);
  return known;
}

/** Whether the product of e([a_i]G1, [b_i]G2) is one. */
function isOne(factors: readonly (readonly [bigint, bigint])[]): boolean {
  kernel.begin();
  for (let from = 0; from < factors.length; from += CHUNK) {
    const chunk = factors.slice(from, from + CHUNK);
    chunk.forEach(([a, b], slot) => {
      kernel.read(false, slot, multiple(false, a), 0);
      kernel.read(true, slot, multiple(true, b), 0);
    });
    kernel.miller(chunk.length);
  }
  return kernel.isOne() !== 0;
}

it("knows whether a product of pairings is one", () => {
  const random = createSeededRandom(seed).fork("pairing");
  for (const pairs of [2, 3, CHUNK + 2]) {
    const few = [0, 1].map(() => [scalar(random), scalar(random)] as const);
    const factors = Array.from({ length: pairs - 1 }, (_, i) => few[i % 2] as readonly [bigint, bigint]);
    const rest = factors.reduce((sum, [a, b]) => (sum + a * b) % ORDER, 0n);
    if (rest === 0n) continue;
    expect(isOne([...factors, [ORDER - rest, 1n]]), `${pairs}`).toBe(true);
    expect(isOne([...factors, [ORDER - rest, 2n]]), `${pairs}`).toBe(false);
    expect(isOne([...factors, [rest, 1n]]), `${pairs}`).toBe(false);
  }
});

it("would find a scalar whose part is taken for another", () => {
  const { scalar: real } = kernel;
  const swapped: typeof real = (second, slot, k) => real(second, slot, (k / X ** 2n) % ORDER || 1n);
  kernel.scalar = swapped;
  const [theirs, mine] = multiples(createSeededRandom(seed).fork("control"), false, 4);
  kernel.scalar = real;
  expect(mine).not.toEqual(theirs);
});
