/** Weights, biases and multipliers of the numeric rule (inference.md section 3) from floats. */
import type { Quantisation } from "../ir/graph.ts";

export interface Quantised {
  weights: Int8Array;
  multipliers: Uint16Array;
  shift: number;
  /** What one of a channel's weights counts; times the input's scale, what one of its bias does. */
  steps: readonly number[];
}

interface Floats {
  weights: Float32Array;
  bias: Float32Array;
  scales?: Float32Array;
  /** The channel of a weight. */
  channelOf(i: number): number;
}

/** M is below 2^15, so a ratio at or above 2^15 / 2^(16 + 1) has none. */
export const MAX_RATIO = 0.2499;
/** Biases leave half of the accumulator to the products. */
const MAX_BIAS = 2 ** 30;

/** The largest r for which the largest M stays below 2^15. */
export function shiftFor(ratio: number, bits: number): number {
  for (let r = 31; r > 1; r--) if (Math.ceil(ratio * 2 ** (bits + r)) < 2 ** 15) return r;
  return 1;
}

/**
 * A channel's step is what its M says exactly, so no multiplier is rounded: M is rounded up, and the weights are counted in the
 * step that follows.
 */
export function quantiseWeights(floats: Floats, input: Quantisation, output: Quantisation): Quantised {
  const { weights, bias, channelOf } = floats;
  const n = bias.length;
  const most = new Float64Array(n);
  for (let i = 0; i < weights.length; i++) most[channelOf(i)] = Math.max(most[channelOf(i)]!, Math.abs(weights[i]!));
  const own = ownSteps(floats, most);
  const wanted = Array.from(own ?? most.map((x) => x / 127), (step, i) =>
    Math.min(Math.max(step, Math.abs(bias[i]!) / input.scale / MAX_BIAS, 1e-30), (MAX_RATIO * output.scale) / input.scale),
  );
  const ratios = wanted.map((step) => (input.scale * step) / output.scale);
  const shift = shiftFor(Math.max(...ratios), 16);
  const unit = 2 ** (16 + shift);
  const multipliers = ratios.map((ratio) => Math.max(1, own === undefined ? Math.ceil(ratio * unit) : Math.round(ratio * unit)));
  const steps = own === undefined ? multipliers.map((m) => (m * output.scale) / (input.scale * unit)) : wanted;
  const whole = Int8Array.from(weights, (w, i) => Math.max(-128, Math.min(127, Math.round(w / steps[channelOf(i)]!))));
  return { weights: whole, multipliers: Uint16Array.from(multipliers), shift, steps };
}

export function quantiseBias(bias: ArrayLike<number>, steps: readonly number[], inputScale: number): Int32Array {
  return Int32Array.from(bias, (b, i) => Math.max(-MAX_BIAS, Math.min(MAX_BIAS, Math.round(b / (inputScale * steps[i]!)))));
}

/** Those of a quantised source, where every weight is a whole number of them. */
function ownSteps({ scales }: Floats, most: Float64Array): Float32Array | undefined {
  return scales?.every((scale, i) => scale > 0 && most[i]! <= scale * 128.4) ? scales : undefined;
}
