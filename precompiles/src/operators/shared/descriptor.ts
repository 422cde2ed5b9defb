import type { TensorData } from "../../format/types.ts";

/**
 * One operator as the kernels read it: 32 words of int32. From this list tools/kernels writes the kernels' module `descriptor`.
 * After every tensor and the scratch area lie 16 bytes that may be overwritten.
 */
export const FIELDS = {
  /** Operator code. */
  kind: "i32",
  x: "address",
  other: "address",
  y: "address",
  height: "i32",
  width: "i32",
  channels: "i32",
  outHeight: "i32",
  outWidth: "i32",
  outChannels: "i32",
  kernelY: "i32",
  kernelX: "i32",
  strideY: "i32",
  strideX: "i32",
  padTop: "i32",
  padLeft: "i32",
  zeroX: "i32",
  zeroOther: "i32",
  zeroY: "i32",
  weights: "address",
  bias: "address",
  multipliers: "address",
  shift: "i32",
  lo: "i32",
  hi: "i32",
  scratch: "address",
  chunkRows: "i32",
  /** Inner dimension rounded up to 8. */
  paddedK: "i32",
  multiplierA: "i32",
  multiplierB: "i32",
  /** Elements, or rows of an argmax. */
  count: "i32",
} as const;

export const DESCRIPTOR_WORDS = 32;

export type Field = keyof typeof FIELDS;
/** Words that are not given are 0. */
export type Descriptor = Partial<Record<Field, number>>;

/** Packed in blocks of 8 columns; in rows of a multiple of 8; as int32, filled up to a multiple of 8; as it is. */
export type WeightForm = "columns" | "rows" | "int32" | "plain";

/** The linear memory that a plan lays out. */
export interface PlanMemory {
  /** The address of a weight in the form that its kernel reads; made once, however many operators use it. */
  constant(weight: TensorData, form: WeightForm, made: () => ArrayBufferView): number;
  /** At least so many bytes that the kernel may overwrite while it runs. */
  scratch(bytes: number): void;
}
