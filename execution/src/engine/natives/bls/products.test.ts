/** The kernel's field products on digits, at random and at their bounds (assembly/fp.ts), against BigInt. */
import { createSeededRandom, type SeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import { BLS_WASM } from "../generated/bls-wasm.ts";

type Product = (out: number, a: number, b?: number) => void;
type Products = { memory: { buffer: ArrayBuffer }; fpInverse: Product; fpMul: Product; fpSqr: Product; fp2Mul: Product; fp2Sqr: Product };
// biome-ignore lint/suspicious/noExplicitAny: neither lib es2024 nor @types/node declares it
const { Module, Instance } = (globalThis as any).WebAssembly;

const seed = process.env.NOEMA_SEED ?? String(Date.now());
console.log(`NOEMA_SEED=${seed}`);

const P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
const R = 1n << 390n;
const DIGITS = 13;
/** What sums leave a digit at, and the uppermost of 16 p. */
const BOUND = 2 ** 29 + 2;
const LAST_BOUND = 2 ** 25;
const [OUT, A, B] = [0x20000, 0x20100, 0x20200];
const ROUNDS = 400;

const kernel: Products = new Instance(new Module(Buffer.from(BLS_WASM, "base64")), {}).exports;
const words = new Int32Array(kernel.memory.buffer);

const modulo = (x: bigint) => ((x % P) + P) % P;

function value(at: number): bigint {
  let x = 0n;
  for (let i = DIGITS - 1; i >= 0; i--) x = (x << 30n) + BigInt(words[at / 4 + i] as number);
  return x;
}

/** Two elements; each all at the bounds, at random, or mixed. */
function fill(random: SeededRandom, at: number, bound = BOUND): void {
  for (const element of [at, at + 64]) {
    const [extreme, sign] = [random.integer(3), random.chance(0.5) ? 1 : -1];
    for (let i = 0; i < DIGITS; i++) {
      const most = i === DIGITS - 1 ? LAST_BOUND : bound;
      const any = random.integer(2 * most + 1) - most;
      words[element / 4 + i] = extreme === 0 || (extreme === 1 && random.chance(0.5)) ? sign * most : any;
    }
  }
}

/** Whether OUT times R is what is expected, and in the form that is promised. */
function right(expected: bigint, at = OUT): boolean {
  const x = value(at);
  const digits = words.subarray(at / 4, at / 4 + DIGITS - 1);
  return modulo(x * R - expected) === 0n && x > -2n * P && x < 2n * P && digits.every((d) => d >= -(2 ** 29) && d < 2 ** 29);
}

function wrong(random: SeededRandom, bound?: number): string[] {
  fill(random, A, bound);
  fill(random, B, bound);
  const [a, e, b, f] = [value(A), value(A + 64), value(B), value(B + 64)] as const;
  const cases: [string, () => void, bigint[]][] = [
    ["fpMul", () => kernel.fpMul(OUT, A, B), [a * b]],
    ["fpSqr", () => kernel.fpSqr(OUT, A), [a * a]],
    ["fp2Mul", () => kernel.fp2Mul(OUT, A, B), [a * b - e * f, a * f + e * b]],
    ["fp2Sqr", () => kernel.fp2Sqr(OUT, A), [a * a - e * e, 2n * a * e]],
  ];
  return cases.flatMap(([name, compute, expected]) => {
    compute();
    return expected.every((x, i) => right(x, OUT + 64 * i)) ? [] : [name];
  });
}

it("multiplies and squares digits up to their bounds", () => {
  const random = createSeededRandom(seed).fork("products");
  for (let i = 0; i < ROUNDS; i++) expect(wrong(random), `round ${i}`).toEqual([]);
});

it("would find a column that overflows", () => {
  const random = createSeededRandom(seed).fork("overflow");
  const found = new Set(Array.from({ length: ROUNDS }, () => wrong(random, 2 ** 31 - 1)).flat());
  expect([...found].sort()).toEqual(["fp2Mul", "fp2Sqr", "fpMul", "fpSqr"]);
});

it("inverts", () => {
  const random = createSeededRandom(seed).fork("inverse");
  for (let i = 0; i < ROUNDS; i++) {
    fill(random, A);
    if (i < 3) for (let j = 0; j < DIGITS; j++) words[A / 4 + j] = j === 0 ? i : 0;
    const a = value(A);
    kernel.fpInverse(OUT, A);
    kernel.fpMul(OUT, OUT, A); // a R^-1 its inverse R^-1 R: one, as it is kept
    expect(modulo(value(OUT)), `of ${a}`).toBe(modulo(a) === 0n ? 0n : modulo(R));
  }
});
