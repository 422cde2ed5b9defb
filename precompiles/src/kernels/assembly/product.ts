// CONV2D and DENSE (a 1 x 1 convolution over rows): patches times weights. Weights are int8, packed by blocks of 8 columns; in a
// block, for each pair of the inner dimension, 8 columns x 2 values (tile.ts).
import * as op from "./descriptor";
import { patches } from "./patches";
import { tiles, outputBytes } from "./tile";

export function product(d: usize): void {
  const pixels = op.outHeight(d) * op.outWidth(d);
  const n = op.outChannels(d);
  const chunk = op.chunkRows(d);
  const block = <usize>op.paddedK(d) << 3;
  const row = <usize>n << outputBytes(d);
  for (let from = 0; from < pixels; from += chunk) {
    const rows = min<i32>(chunk, pixels - from);
    patches(d, op.x(d), from, rows);
    const y = op.y(d) + from * row;
    let weights = op.weights(d);
    for (let column = 0; column < n; column += 8) {
      tiles(d, false, rows, weights, column, op.bias(d), op.multipliers(d), y);
      weights += block;
    }
  }
}
