/** What the kernel computes with, on digits at random and at their bounds (tools/kernels/rows/products.ts), against BigInt. */
import { createSeededRandom, type SeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import { elementToBytes } from "../elements.ts";
import { FIELD_WASM } from "./generated/field-wasm.ts";
import { P, power, powers, rootOfUnity } from "./scalars.ts";

type Kernel = {
  memory: { buffer: ArrayBuffer };
  mul(o: number, a: number, b: number): void;
  accumulate(sums: number, a: number, b: number, count: number): void;
  reduce(o: number, sums: number): void;
  write(to: number, a: number): void;
  factors(to: number, count: number): void;
  transform(elements: number, n: number, roots: number): void;
};
// biome-ignore lint/suspicious/noExplicitAny: neither lib es2024 nor @types/node declares it
const { Module, Instance } = (globalThis as any).WebAssembly;

const seed = process.env.NOEMA_SEED ?? String(Date.now());
console.log(`NOEMA_SEED=${seed}`);

const kernel: Kernel = new Instance(new Module(Buffer.from(FIELD_WASM, "base64")), {}).exports;
const words = new Int32Array(kernel.memory.buffer);
const bytes = new Uint8Array(kernel.memory.buffer);

const DIGITS = 9;
const ELEMENT = 48;
const SUMS_BYTES = 136;
/** Elsewhere than what the kernel keeps; IN, ROOTS and ELEMENTS as in assembly/layout.ts. */
const [OUT, A, B, SUMS] = [0x130000, 0x131000, 0x132000, 0x133000];
const [IN, ROOTS, ELEMENTS] = [0x10000, 0x120000, 0xb0000];
const R = 1n << 261n;
const ROUNDS = 400;

/** Of factors and products, and of what transforms make of these. */
const [DIGIT, DIGIT_OF_SUM] = [2 ** 28, 2 ** 31];
/** Of p: the uppermost digit. Factors are within 0.52 p, what goes into a transform within 1.43 p, what comes of it within 200 p. */
const OF_P = 7_597_480;
const [OF_FACTOR, OF_INPUT, OF_SUM] = [0.52, 1.43, 200].map((x) => Math.floor(x * OF_P)) as [number, number, number];

const modulo = (x: bigint) => ((x % P) + P) % P;

function value(at: number): bigint {
  let x = 0n;
  for (let i = DIGITS - 1; i >= 0; i--) x = (x << 29n) + BigInt(words[at / 4 + i] as number);
  return x;
}

/** All at a bound, at random, or mixed; from -bound to bound - 1, as digits are. */
function fill(random: SeededRandom, at: number, bound: number, uppermost: number): bigint {
  const [extreme, negative] = [random.integer(3), random.chance(0.5)];
  for (let i = 0; i < DIGITS; i++) {
    const most = i === DIGITS - 1 ? uppermost : bound;
    const any = Math.floor((random.integer(2 ** 32) / 2 ** 32) * 2 * most) - most;
    words[at / 4 + i] = extreme === 0 || (extreme === 1 && random.chance(0.5)) ? (negative ? -most : most - 1) : any;
  }
  return value(at);
}

/** Congruent to what is expected, and in the form that is promised. */
function isProduct(at: number, expected: bigint): boolean {
  const x = value(at);
  const digits = words.subarray(at / 4, at / 4 + DIGITS - 1);
  return modulo(x * R - expected) === 0n && x > -3n * P && x < 3n * P && digits.every((d) => d >= -(2 ** 28) && d < 2 ** 28);
}

function product(random: SeededRandom, bound: number): boolean {
  const a = fill(random, A, DIGIT_OF_SUM, OF_SUM);
  const b = fill(random, B, bound, OF_FACTOR);
  kernel.mul(OUT, A, B);
  return isProduct(OUT, a * b);
}

/** Twelve at once, often the same, up to as often as a row of 4,096 takes; the sums are kept between. */
function sumOfProducts(random: SeededRandom, bound: number): boolean {
  words.fill(0, SUMS / 4, (SUMS + SUMS_BYTES) / 4);
  let expected = 0n;
  const same = random.chance(0.5);
  for (let i = 0; i < 12; i++) {
    const [a, b] = [A + i * ELEMENT, B + i * ELEMENT];
    if (same && i > 0) for (const x of [a, b]) bytes.copyWithin(x, x - ELEMENT, x);
    expected += same && i > 0 ? value(a) * value(b) : fill(random, a, bound, OF_P) * fill(random, b, bound, OF_FACTOR);
  }
  const times = random.integer(342) + 1;
  for (let i = 0; i < times; i++) kernel.accumulate(SUMS, A, B, 12);
  kernel.reduce(OUT, SUMS);
  return modulo(value(OUT) * R - expected * BigInt(times)) === 0n;
}

const rounds = (f: (random: SeededRandom) => boolean) => {
  const random = createSeededRandom(seed).fork("rounds");
  return Array.from({ length: ROUNDS }, () => f(random));
};

it("multiplies digits up to their bounds", () => {
  expect(rounds((random) => product(random, DIGIT))).not.toContain(false);
});

it("adds up products of digits up to their bounds", () => {
  expect(rounds((random) => sumOfProducts(random, DIGIT))).not.toContain(false);
});

it("would find a column that overflows", () => {
  expect(rounds((random) => product(random, 2 * DIGIT))).toContain(false);
  expect(rounds((random) => sumOfProducts(random, 1.25 * DIGIT))).toContain(false);
});

it("writes what is within 200 p as a canonical number, also what is a multiple of p", () => {
  const random = createSeededRandom(seed).fork("write");
  const written = () => {
    kernel.write(OUT, A);
    return bytes.slice(OUT, OUT + 32);
  };
  for (let i = 0; i < ROUNDS; i++) {
    const x = fill(random, A, DIGIT_OF_SUM, OF_SUM);
    expect(written()).toEqual(elementToBytes(modulo(x)));
  }
  for (const near of [-1n, 0n, 1n])
    for (let k = -200n; k <= 200n; k++) {
      let rest = k * P + near;
      for (let i = 0; i < DIGITS; i++) {
        words[A / 4 + i] = Number(i === DIGITS - 1 ? rest : BigInt.asUintN(29, rest));
        rest >>= 29n;
      }
      expect(written()).toEqual(elementToBytes(modulo(near)));
    }
});

it.each([1, 2, 4, 32, 64, 128])("transforms %i elements up to their bounds", (n) => {
  const random = createSeededRandom(seed).fork(`transform ${n}`);
  const bits = Math.log2(n);
  const root = rootOfUnity(n);
  const table = powers(root, Math.max(1, n / 2));
  for (const [i, x] of table.entries()) bytes.set(elementToBytes(x), IN + 32 * i);
  kernel.factors(ROOTS, table.length);
  const order = Array.from({ length: n }, (_, i) => Number.parseInt([...i.toString(2).padStart(bits, "0")].reverse().join("") || "0", 2));
  for (let round = 0; round < 4; round++) {
    // in the first all are at their bounds, with one sign, so that the sum of all is the largest
    const input = order.map((_, i) => {
      if (round > 1) return fill(random, ELEMENTS + i * ELEMENT, DIGIT, OF_INPUT);
      for (let d = 0; d < DIGITS; d++)
        words[(ELEMENTS + i * ELEMENT) / 4 + d] = (d < DIGITS - 1 ? DIGIT : OF_INPUT) * (round === 0 ? -1 : 1) - round;
      return value(ELEMENTS + i * ELEMENT);
    });
    kernel.transform(ELEMENTS, n, ROOTS);
    const wrong = order.filter((_, k) => {
      const step = power(root, BigInt(k));
      const expected = powers(step, n).reduce((sum, x, j) => sum + x * input[order[j]!]!, 0n);
      return modulo(value(ELEMENTS + k * ELEMENT) - expected) !== 0n;
    });
    expect(wrong).toEqual([]);
  }
});
