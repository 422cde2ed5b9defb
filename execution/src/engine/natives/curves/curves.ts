/** Own WebAssembly for two curves (assembly/): one instance a thread, made at first use in some 5 ms, table of P-256 included. */
import { bigIntToBytes } from "@noema/core/bytes";
import { CURVES_WASM } from "../generated/curves-wasm.ts";

/** The part of the WebAssembly API that is used; neither lib es2024 nor @types/node declares it. */
interface WasmApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Functions give 0 for false. */
export type Curves = {
  memory: Uint8Array;
  bn254Add(): number;
  bn254Multiply(bits: number, negativeK: boolean, negativeL: boolean): number;
  p256Inverse(): void;
  p256HasX(count: number): number;
};

/** As in assembly/layout.ts. */
export const AT = { input: 6144, output: 6272, scalars: 6400 } as const;
const CONSTANTS = { bn254: 4096, p256: 4608, order: 5120, beta: 5200, unit: 5280 } as const;
const LIMB_BITS = 29n;
const LIMBS = 9;
const R = 1n << (LIMB_BITS * BigInt(LIMBS));

export const BN254 = {
  prime: 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n,
  order: 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n,
  minusA: 0n,
  b: 3n,
  /** (beta x, y) is LAMBDA (x, y) (scalars.ts). */
  beta: 2203960485148121921418603742825762020974279258880205651966n,
} as const;

/** SEC 2, secp256r1. */
export const P256 = {
  prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  minusA: 3n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
} as const;

type Exports = Omit<Curves, "memory"> & { memory: { buffer: ArrayBuffer }; p256Begin(): void };

let instance: Curves | undefined;

export function curves(): Curves {
  instance ??= load();
  return instance;
}

function load(): Curves {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
  const { exports } = new Instance(new Module(Buffer.from(CURVES_WASM, "base64")), {});
  const wasm = exports as Exports;
  const memory = new Uint8Array(wasm.memory.buffer);
  const limbs = new BigInt64Array(wasm.memory.buffer);
  const put = (at: number, values: readonly bigint[]) =>
    values.forEach((value, n) => {
      for (let i = 0; i < LIMBS; i++) limbs[at / 8 + n * LIMBS + i] = (value >> (LIMB_BITS * BigInt(i))) % (1n << LIMB_BITS);
    });
  for (const [at, { prime, minusA, b }] of [
    [CONSTANTS.bn254, BN254],
    [CONSTANTS.p256, P256],
  ] as const) {
    put(at, [prime, R ** 2n % prime, R ** 3n % prime, R % prime, (minusA * R) % prime, (b * R) % prime]);
  }
  put(CONSTANTS.order, [P256.order]);
  put(CONSTANTS.beta, [(BN254.beta * R) % BN254.prime]);
  put(CONSTANTS.unit, [1n]);
  memory.set(bigIntToBytes(P256.x, 32), AT.input);
  memory.set(bigIntToBytes(P256.y, 32), AT.input + 32);
  wasm.p256Begin();
  const { bn254Add, bn254Multiply, p256Inverse, p256HasX } = wasm;
  return { memory, bn254Add, bn254Multiply, p256Inverse, p256HasX };
}
