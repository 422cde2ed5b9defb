/** The row code's arithmetic in WebAssembly (assembly/): one instance a thread, compiled at first use; 2.4 MB, whatever the object. */
import type { Bytes } from "@noema/core/ports/bytes";
import { bytesToElement, ELEMENT_BYTES, ROW_ELEMENTS, writeElement } from "../elements.ts";
import { FIELD_WASM } from "./generated/field-wasm.ts";

/** The part of the WebAssembly API that is used; neither lib es2024 nor @types/node declares it. */
interface WasmApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Those that answer a number say whether all elements that they read are canonical. */
type Exports = {
  factors(to: number, count: number): void;
  interpolate(R: number, n: number): number;
  evaluate(n: number, coset: number, count: number): void;
  combine(K: number, M: number): number;
  prepare(): void;
  weigh(): void;
  evaluateRow(): number;
};

/** As in assembly/layout.ts. */
const BLOCK_BYTES = 64 * ELEMENT_BYTES;
const PART = BLOCK_BYTES + 64;
const IN = 0x10000;
const OUT = 0x60000;
const WEIGHTS = 0x220000;
const WEIGHTS_BYTES = 48 * ROW_ELEMENTS;
const FACTOR_BYTES = 48;
export const BLOCKS = (ROW_ELEMENTS * ELEMENT_BYTES) / BLOCK_BYTES;
export const ROOTS = 0x120000;
export const INVERSE_ROOTS = 0x122000;
export const FACTORS = 0x124000;

export type FieldKernel = Omit<Exports, "factors"> & {
  /** Scalars in [0, P) as factors, at one of the places above. */
  setFactors(to: number, values: readonly bigint[]): void;
  /** One after the other: a row, or 4,096 scalars at most. */
  setInput(values: Bytes | readonly bigint[]): void;
  result(): bigint;
  /** The parts of rows that belong to a block of positions. */
  load(rows: readonly Bytes[], block: number): void;
  store(rows: readonly Bytes[], block: number): void;
  getWeights(): Bytes;
  setWeights(weights: Bytes): void;
};

let instance: FieldKernel | undefined;

export function fieldKernel(): FieldKernel {
  instance ??= create();
  return instance;
}

function create(): FieldKernel {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
  const { memory, ...wasm } = new Instance(new Module(Buffer.from(FIELD_WASM, "base64")), {}).exports as Exports & {
    memory: { readonly buffer: ArrayBuffer };
  };
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);

  function setInput(values: Bytes | readonly bigint[]): void {
    if (values instanceof Uint8Array) bytes.set(values, IN);
    else for (const [i, value] of values.entries()) writeElement(view, IN + i * ELEMENT_BYTES, value);
  }

  return {
    ...wasm,
    setInput,
    setFactors(to, values) {
      for (let from = 0; from < values.length; from += ROW_ELEMENTS) {
        const some = values.slice(from, from + ROW_ELEMENTS);
        setInput(some);
        wasm.factors(to + from * FACTOR_BYTES, some.length);
      }
    },
    result: () => bytesToElement(bytes.subarray(OUT, OUT + ELEMENT_BYTES)) as bigint,
    load(rows, block) {
      const from = block * BLOCK_BYTES;
      for (const [r, row] of rows.entries()) bytes.set(row.subarray(from, from + BLOCK_BYTES), IN + r * PART);
    },
    store(rows, block) {
      for (const [r, row] of rows.entries()) row.set(bytes.subarray(OUT + r * PART, OUT + r * PART + BLOCK_BYTES), block * BLOCK_BYTES);
    },
    getWeights: () => bytes.slice(WEIGHTS, WEIGHTS + WEIGHTS_BYTES),
    setWeights: (weights) => bytes.set(weights, WEIGHTS),
  };
}
