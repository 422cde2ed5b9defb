/** Own arithmetic in WebAssembly (assembly/): one small instance a thread, made at first use. */
import { ARITHMETIC_WASM } from "./generated/arithmetic-wasm.ts";

/** The part of the WebAssembly API that is used; neither lib es2024 nor @types/node declares it. */
interface WasmApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

export type Arithmetic = {
  memory: Uint8Array;
  blake2f(rounds: number, last: boolean): void;
  begin(limbs: number): void;
  raise(length: number): void;
  finish(): void;
};

/** As in assembly/layout.ts. */
export const AT = { blakeState: 4096, blakeInput: 4160, modulus: 8192, base: 8256, square: 8320, exponent: 16_384 } as const;
/** Room for the exponent: the rest of the one page. */
export const EXPONENT_BYTES = 65_536 - AT.exponent;

let instance: Arithmetic | undefined;

export function arithmetic(): Arithmetic {
  if (instance === undefined) {
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
    const { exports } = new Instance(new Module(Buffer.from(ARITHMETIC_WASM, "base64")), {});
    const wasm = exports as Omit<Arithmetic, "memory"> & { memory: { buffer: ArrayBuffer } };
    const { blake2f, begin, raise, finish } = wasm;
    instance = { memory: new Uint8Array(wasm.memory.buffer), blake2f, begin, raise, finish };
  }
  return instance;
}
