import type { TensorData } from "../../format/types.ts";
import type { Operand } from "./layer.ts";

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
  /** 1 where the sums themselves are the result, int32. */
  sums: "i32",
  shift: "i32",
  lo: "i32",
  hi: "i32",
  scratch: "address",
  chunkRows: "i32",
  /** Inner dimension rounded up to 8. */
  paddedK: "i32",
  multiplierA: "i32",
  multiplierB: "i32",
  /** Elements, or rows. */
  count: "i32",
  /** Of a matrix product. */
  batch: "i32",
  transposed: "i32",
  /** Elements of a softmax's first row; how many more each further row has. */
  first: "i32",
  growth: "i32",
  exponent: "i32",
  top: "i32",
  /** Bytes of an index, and what is added to it. */
  indexBytes: "i32",
  indexOffset: "i32",
  /** A move: bytes before the first, bytes of a run, how many runs along four axes, and how far apart they lie in input and output. */
  fromOffset: "i32",
  toOffset: "i32",
  run: "i32",
  size0: "i32",
  size1: "i32",
  size2: "i32",
  size3: "i32",
  from0: "i32",
  from1: "i32",
  from2: "i32",
  from3: "i32",
  to0: "i32",
  to1: "i32",
  to2: "i32",
  to3: "i32",
} as const;

export const DESCRIPTOR_WORDS = 64;

export type Field = keyof typeof FIELDS;
/** Words that are not given are 0. */
export type Descriptor = Partial<Record<Field, number>>;

/** Packed in blocks of 8 columns; in pairs of taps; as int32, filled up to a multiple of 8; as it is. */
export type WeightForm = "columns" | "taps" | "int32" | "plain";

/** The linear memory that a plan lays out. */
export interface PlanMemory {
  /** The address of a weight in the form that its kernel reads, so many bytes; written once, however many operators use it. */
  constant(weight: TensorData, form: WeightForm, bytes: number, write: (to: Uint8Array) => void): number;
  /** As it is. */
  plain(weight: TensorData): number;
  /** Where an activation lies, or a weight in the place of one. */
  address(operand: Operand): number;
  /** At least so many bytes that the kernel may overwrite while it runs. */
  scratch(bytes: number): void;
}
