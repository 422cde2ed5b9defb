/** Tensors and weights as the WGSL kernels read them (kernels/prelude.ts). */
import type { DType } from "../../format/types.ts";

/** int8 values in a word. */
const LANES = 4;

const up = (n: number) => Math.ceil(n / LANES) * LANES;

/** Words of a row. */
export function wordsOf(length: number, dtype: DType): number {
  return dtype === "int8" ? Math.ceil(length / LANES) : length;
}

/** Rows of `length` bytes, each filled up to a word. */
export function packRows(values: Int8Array, length: number): Int8Array {
  const rows = values.length / length;
  const stride = up(length);
  if (stride === length) return values;
  const out = new Int8Array(rows * stride);
  for (let row = 0; row < rows; row++) out.set(values.subarray(row * length, (row + 1) * length), row * stride);
  return out;
}

/**
 * [n][taps][channels] int8 in blocks of four columns: in a block, for each word of the inner dimension (taps x words of channels),
 * that word of each column. What is missing is zero, so that bytes that mean nothing count nothing.
 */
export function packColumns(weights: Int8Array, n: number, taps: number, channels: number): Int8Array {
  const words = up(channels) / LANES;
  const inner = taps * words;
  const out = new Int8Array(up(n) * inner * LANES);
  for (let column = 0; column < n; column++)
    for (let tap = 0; tap < taps; tap++)
      for (let c = 0; c < channels; c++) {
        const k = tap * words + Math.floor(c / LANES);
        const word = (Math.floor(column / LANES) * inner + k) * LANES + (column % LANES);
        out[word * LANES + (c % LANES)] = weights[(column * taps + tap) * channels + c]!;
      }
  return out;
}

/** Of each of n columns, mod 2^32. */
export function sumsOfColumns(weights: Int8Array, n: number): Int32Array {
  const k = weights.length / n;
  return Int32Array.from({ length: n }, (_, column) => weights.subarray(column * k, (column + 1) * k).reduce((sum, w) => (sum + w) | 0, 0));
}

/** A value for each channel, filled up to whole words of channels. */
export function padded(values: Int32Array | Uint16Array, channels: number): Int32Array {
  const out = new Int32Array(up(channels));
  out.set(values);
  return out;
}
