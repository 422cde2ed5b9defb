/** Weights as the kernels read them, written into memory that is zero; once, when a model is loaded. */
import { roundUp } from "./work.ts";

/**
 * [n][k] in blocks of 8 columns: in a block, for each pair of k, 8 columns x 2 values; n and k are filled with zeros to multiples
 * of 8 (kernels/assembly/tile.ts).
 */
export function packColumns(weights: Int8Array, n: number, k: number, to: Uint8Array): void {
  const depth = roundUp(k, 8);
  const out = new Int8Array(to.buffer, to.byteOffset, to.length);
  for (let o = 0; o < n; o++) {
    const block = (o >> 3) * 8 * depth + (o & 7) * 2;
    for (let i = 0; i < k; i++) out[block + (i >> 1) * 16 + (i & 1)] = weights[o * k + i]!;
  }
}

/** [taps][channels] to int16, for each 8 channels and each pair of taps 8 channels x 2 taps (kernels/assembly/depthwise.ts). */
export function packTaps(weights: Int8Array, taps: number, channels: number, to: Uint8Array): void {
  const out = new Int16Array(to.buffer, to.byteOffset, to.length / 2);
  const group = 8 * roundUp(taps, 2);
  for (let tap = 0; tap < taps; tap++)
    for (let c = 0; c < channels; c++) out[(c >> 3) * group + (tap >> 1) * 16 + (c & 7) * 2 + (tap & 1)] = weights[tap * channels + c]!;
}
