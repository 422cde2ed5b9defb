/** Own BLS12-381 in WebAssembly (assembly/): one instance a thread, compiled at first use. */
import type { Bytes } from "@noema/core/ports/bytes";
import { BLS_WASM } from "../generated/bls-wasm.ts";
import type { Point } from "../points.ts";

/** The part of the WebAssembly API that is used; neither lib es2024 nor @types/node declares it. */
interface WasmApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** `second`: G2 instead of G1. What is added and mapped goes to one total, which `write` leaves in the bytes. */
type Exports = {
  memory: { readonly buffer: ArrayBuffer };
  read(second: boolean, slot: number): number;
  write(second: boolean): void;
  clear(second: boolean): void;
  accumulate(second: boolean, slot: number): void;
  sum(second: boolean, pairs: number): void;
  map(second: boolean): number;
  begin(): void;
  miller(pairs: number): void;
  isOne(): number;
};

/** As in assembly/layout.ts. */
const BYTES = 0x8000;
const SCALARS = 0x8400;
/** Pairs in one call: what is kept does not grow with the input. */
export const CHUNK = 32;
const SCALAR_BYTES = 32;
/** No point has y = 0; the library has words of its own for it. */
export type BlsPoint = Point | "zero y";
/** In the order of assembly/points.ts. */
const POINTS: readonly BlsPoint[] = ["finite", "infinity", "not in field", "zero y", "not on curve"];

export const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
/** -x, the curve's parameter; the order is x^4 - x^2 + 1. */
const X = 0xd201000000010000n;
const X_SQUARED = X * X;
const WORD = (1n << 64n) - 1n;

export type Kernel = Omit<Exports, "memory" | "read" | "write" | "map"> & {
  /** Reads a point, in EIP-2537's encoding, into a slot below CHUNK; whether it is in the subgroup is not asked. */
  read(second: boolean, slot: number, data: Bytes, at: number): BlsPoint;
  /** The scalar (below ORDER) of a slot whose point is in the subgroup. */
  scalar(second: boolean, slot: number, k: bigint): void;
  write(second: boolean): Bytes;
  /** False where the data is not an element of the field. */
  map(second: boolean, data: Bytes): boolean;
};

let instance: Kernel | undefined;

export function blsKernel(): Kernel {
  instance ??= create();
  return instance;
}

function create(): Kernel {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
  const wasm = new Instance(new Module(Buffer.from(BLS_WASM, "base64")), {}).exports as Exports;
  const memory = new Uint8Array(wasm.memory.buffer);
  const words = new BigUint64Array(wasm.memory.buffer);
  return {
    ...wasm,
    read(second, slot, data, at) {
      memory.set(data.subarray(at, at + (second ? 256 : 128)), BYTES);
      return POINTS[wasm.read(second, slot)] as BlsPoint;
    },
    scalar(second, slot, k) {
      const at = (SCALARS + slot * SCALAR_BYTES) / 8;
      if (second) {
        let rest = k;
        for (let i = 0; i < 4; i++, rest /= X) words[at + i] = rest % X;
        return;
      }
      [k % X_SQUARED, k / X_SQUARED].forEach((part, i) => {
        words[at + 2 * i] = part & WORD;
        words[at + 2 * i + 1] = part >> 64n;
      });
    },
    write(second) {
      wasm.write(second);
      return memory.slice(BYTES, BYTES + (second ? 256 : 128));
    },
    map(second, data) {
      memory.set(data.subarray(0, second ? 128 : 64), BYTES);
      return wasm.map(second) !== 0;
    },
  };
}
