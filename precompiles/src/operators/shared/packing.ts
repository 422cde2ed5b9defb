/** Weights as the kernels read them; made once, when a model is loaded. */
import { roundUp } from "./work.ts";

/**
 * [n][k] int8 to int16 in blocks of 8 columns: in a block, for each pair of k, 8 columns x 2 values; n and k are filled with
 * zeros to multiples of 8 (kernels/assembly/product.ts).
 */
export function packColumns(weights: Int8Array, n: number, k: number): Int16Array {
  const [columns, depth] = [roundUp(n, 8), roundUp(k, 8)];
  const out = new Int16Array(columns * depth);
  for (let o = 0; o < n; o++) {
    const block = (o >> 3) * 8 * depth + (o & 7) * 2;
    for (let i = 0; i < k; i++) out[block + (i >> 1) * 16 + (i & 1)] = weights[o * k + i]!;
  }
  return out;
}

/** Rows of `from` elements to rows of `to`, filled with zeros. */
export function padRows(weights: Int8Array, from: number, to: number): Int8Array {
  const rows = weights.length / from;
  const out = new Int8Array(rows * to);
  for (let row = 0; row < rows; row++) out.set(weights.subarray(row * from, (row + 1) * from), row * to);
  return out;
}
