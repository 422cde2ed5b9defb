/** Weights as the kernels read them, written into memory that is zero; once, when a model is loaded. */
import { roundUp } from "./work.ts";

/**
 * [n][k] int8 to int16 in blocks of 8 columns: in a block, for each pair of k, 8 columns x 2 values; n and k are filled with
 * zeros to multiples of 8 (kernels/assembly/product.ts).
 */
export function packColumns(weights: Int8Array, n: number, k: number, to: Uint8Array): void {
  const depth = roundUp(k, 8);
  const out = new Int16Array(to.buffer, to.byteOffset, to.length / 2);
  for (let o = 0; o < n; o++) {
    const block = (o >> 3) * 8 * depth + (o & 7) * 2;
    for (let i = 0; i < k; i++) out[block + (i >> 1) * 16 + (i & 1)] = weights[o * k + i]!;
  }
}

/** Rows of `from` elements to rows of `padded`, filled with zeros. */
export function padRows(weights: Int8Array, from: number, padded: number, to: Uint8Array): void {
  const out = new Int8Array(to.buffer, to.byteOffset, to.length);
  for (let row = 0; row < weights.length / from; row++) out.set(weights.subarray(row * from, (row + 1) * from), row * padded);
}
