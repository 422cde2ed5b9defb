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
  /** Of a product: words across, four columns each. */
  "columnWords",
  /** 1: x, or y, is of int32, a word for each element. */
  "wideX",
  "wideY",
  /** 1: x, or other, lies among the constants, one for all inputs of a batch. */
  "constantX",
  "constantOther",
  /** Rows of one input, and the words of one. */
  "rowsOther",
  "wordsOther",
  /** First word among the constants. */
  "weights",
  /** Of weights, of each column. */
  "sums",
  "bias",
  "multipliers",
  /** Rows of a table. */
  "tableRows",
  /** Of a softmax: the length of row i is at most i + 1 + reach, of `period` rows each; 0: all of it. */
  "period",
  "reach",
  /** Of a norm: U and e. */
  "unit",
  "exponent",
  /** Of a matrix product: rows of a, and whether b is transposed. */
  "matrixRows",
  "transposed",
  /** Of a move: sizes of y but the outermost; the part of it that is written; for a step in each, how far it goes in x. */
  "size1",
  "size2",
  "start0",
  "start1",
  "start2",
  "start3",
  "count0",
  "count1",
  "count2",
  "count3",
  "stride0",
  "stride1",
  "stride2",
  "stride3",
  "offset",
  /** 1: outside of the part y stays as it is, else it is the zero point. */
  "keeps",
] as const;

export type StepField = (typeof STEP_FIELDS)[number];
/** Words that are not given are 0. */
export type GpuStep = Partial<Record<StepField, number>>;

/** Uniforms are bound at multiples of so many bytes (minUniformBufferOffsetAlignment of the specification). */
export const STEP_BYTES = 256;
