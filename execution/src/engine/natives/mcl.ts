/**
 * mcl-wasm below its classes, for BN254: an instance of the module, numbers as bytes. The package's own interface has one
 * curve for a whole thread (the blob lane's) and passes numbers as text. Compiled at first use, some 30 ms.
 */
import { createRequire } from "node:module";
import type { Bytes } from "@noema/core/ports/bytes";

/** As mcl's curve_type.h numbers it. */
const BN254 = 4;

type Ptr = number;
type Unary = (out: Ptr, a: Ptr) => void;
type Binary = (out: Ptr, a: Ptr, b: Ptr) => void;
type Test = (a: Ptr) => number;
type Read = (out: Ptr, bytes: Ptr, length: number) => number;

/** What is used of the module's exports. */
export type Exports = {
  wasmMemory: { readonly buffer: ArrayBuffer };
  _malloc(bytes: number): Ptr;
  _mclBn_init(curve: number, compiled: number): number;
  _mclBn_verifyOrderG1(check: number): void;
  _mclBn_verifyOrderG2(check: number): void;
  _mclBnFp_deserialize: Read;
  _mclBnFp_serialize(bytes: Ptr, length: number, a: Ptr): number;
  _mclBnFp_setInt32(out: Ptr, value: number): void;
  _mclBnFp_clear(out: Ptr): void;
  _mclBnFp_neg: Unary;
  _mclBnFp2_mul: Binary;
  _mclBnFr_setLittleEndianMod: Read;
  _mclBnG1_clear(out: Ptr): void;
  _mclBnG1_isZero: Test;
  _mclBnG1_isValid: Test;
  _mclBnG1_normalize: Unary;
  _mclBnG1_add: Binary;
  _mclBnG1_mul: Binary;
  _mclBnG2_clear(out: Ptr): void;
  _mclBnG2_isZero: Test;
  _mclBnG2_isValid: Test;
  _mclBnG2_isEqual(a: Ptr, b: Ptr): number;
  _mclBnG2_dbl: Unary;
  _mclBnG2_normalize: Unary;
  _mclBnG2_add: Binary;
  _mclBnGT_mul: Binary;
  _mclBnGT_isOne: Test;
  _mclBn_millerLoopVec(out: Ptr, g1: Ptr, g2: Ptr, count: number): void;
  _mclBn_finalExp: Unary;
};

/** Bytes of a number in memory: the build has room for 384 bits in Fp and 256 in Fr, whatever the curve. */
export const FP = 48;
const FR = 32;
export const G1 = 3 * FP;
export const G2 = 6 * FP;
const GT = 12 * FP;
/** MCLBN_COMPILED_TIME_VAR: 10 words of Fr and Fp each, as the build has them. */
const COMPILED = 46;
/** Pairs in one call to mcl: what is allocated does not grow with the input. */
export const CHUNK = 256;

export type Mcl = Exports & {
  /** Bytes of a coordinate outside: of the curve's field. */
  width: number;
  /** The number one in Fp. */
  one: Ptr;
  /** Points of one chunk. */
  g1s: Ptr;
  g2s: Ptr;
  /** Four values of any kind. */
  scratch: readonly [Ptr, Ptr, Ptr, Ptr];
  /** Memory as it is now: it may grow. */
  heap(): Uint8Array;
  /** Big-endian bytes to Fp; false where they are not below the modulus. */
  readFp(out: Ptr, bytes: Bytes, at: number): boolean;
  writeFp(out: Bytes, at: number, a: Ptr): void;
  /** 32 big-endian bytes to Fr, reduced. */
  readFr(out: Ptr, bytes: Bytes, at: number): void;
};

/** A value that is made once, at its first use; from then on it is at hand at once. */
export type Lazy<T> = <R>(use: (value: T) => R) => R | Promise<R>;

export function lazy<T>(make: () => T | Promise<T>): Lazy<T> {
  let made: { value: T } | undefined;
  let making: Promise<{ value: T }> | undefined;
  return (use) => {
    if (made !== undefined) return use(made.value);
    making ??= Promise.resolve(make()).then((value) => {
      made = { value };
      return made;
    });
    return making.then(({ value }) => use(value));
  };
}

export const bn254Curve = lazy(() => load(BN254, 32));

async function load(curve: number, width: number): Promise<Mcl> {
  const create = createRequire(import.meta.url)("mcl-wasm/dist/mcl_c.js") as (imports: object) => Promise<Exports>;
  const mcl = await create({ cryptoGetRandomValues: () => undefined });
  if (mcl._mclBn_init(curve, COMPILED) !== 0) throw new Error(`mcl does not know curve ${curve}`);
  mcl._mclBn_verifyOrderG1(0); // where the order counts, it is asked for
  mcl._mclBn_verifyOrderG2(0);
  let heap = new Uint8Array(mcl.wasmMemory.buffer);
  const current = () => {
    if (heap.length === 0) heap = new Uint8Array(mcl.wasmMemory.buffer); // a buffer that has grown is detached
    return heap;
  };
  const malloc = (bytes: number) => {
    const at = mcl._malloc(bytes);
    if (at === 0) throw new Error("mcl has no memory");
    return at;
  };
  const buffer = malloc(64);
  const put = (bytes: Bytes, at: number, length: number) => {
    const memory = current();
    for (let i = 0; i < length; i++) memory[buffer + i] = bytes[at + length - 1 - i] as number;
  };
  const one = malloc(FP);
  mcl._mclBnFp_setInt32(one, 1);
  return Object.assign(mcl, {
    width,
    one,
    g1s: malloc(G1 * CHUNK),
    g2s: malloc(G2 * CHUNK),
    scratch: [malloc(GT), malloc(GT), malloc(GT), malloc(GT)] as const,
    heap: current,
    readFp(out: Ptr, bytes: Bytes, at: number) {
      put(bytes, at, width);
      return mcl._mclBnFp_deserialize(out, buffer, width) === width;
    },
    writeFp(out: Bytes, at: number, a: Ptr) {
      mcl._mclBnFp_serialize(buffer, width, a);
      const memory = current();
      for (let i = 0; i < width; i++) out[at + i] = memory[buffer + width - 1 - i] as number;
    },
    readFr(out: Ptr, bytes: Bytes, at: number) {
      put(bytes, at, FR);
      mcl._mclBnFr_setLittleEndianMod(out, buffer, FR);
    },
  });
}
