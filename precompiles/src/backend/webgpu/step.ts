/** One operator as the WGSL kernels read it, a uniform of int32 words. */
export const STEP_FIELDS = [
  /** First word of the tensor, for one input of a batch. */
  "x",
  "other",
  "y",
  /** Rows of one input: the product of all dimensions but the last. */
  "rowsX",
  "rowsY",
  /** Elements of a row, and its words. */
  "channels",
  "outChannels",
  "wordsX",
  "wordsY",
  "height",
  "width",
  "outHeight",
  "outWidth",
  "kernelY",
  "kernelX",
  "strideY",
  "strideX",
  "padTop",
  "padLeft",
  "zeroX",
  "zeroOther",
  "zeroY",
  "shift",
  "lo",
  "hi",
  "multiplierA",
  "multiplierB",
  /** First word among the constants. */
  "weights",
  /** Of weights, of each column. */
  "sums",
  "bias",
  "multipliers",
] as const;

export type StepField = (typeof STEP_FIELDS)[number];
/** Words that are not given are 0. */
export type GpuStep = Partial<Record<StepField, number>>;

/** Uniforms are bound at multiples of so many bytes (minUniformBufferOffsetAlignment of the specification). */
export const STEP_BYTES = 256;
