/** Trains the float network: Adam, cosine decay after a short warm-up, dropout on the dense layer, smoothed labels. */
import { augment } from "./augment.ts";
import type { Sample } from "./data.ts";
import { backward, createNetwork, forward, type Network, SHAPE, transposeWeights } from "./network.ts";
import { createRandom, type Random, shuffle } from "./random.ts";

export interface Recipe {
  seed: number;
  epochs: number;
  batch: number;
  rate: number;
  dropout: number;
  smoothing: number;
  decay: number;
}

export const RECIPE: Recipe = { seed: 1, epochs: 50, batch: 32, rate: 0.0015, dropout: 0.3, smoothing: 0.05, decay: 0.02 };

/** Loss of one sample; leaves its derivative in `out`. */
function crossEntropy(logits: Float32Array, label: number, smoothing: number, out: Float32Array): number {
  const top = Math.max(...logits);
  const e = Array.from(logits, (z) => Math.exp(z - top));
  const sum = e.reduce((a, b) => a + b, 0);
  let loss = 0;
  for (let c = 0; c < SHAPE.classes; c++) {
    const target = smoothing / SHAPE.classes + (c === label ? 1 - smoothing : 0);
    const p = e[c]! / sum;
    out[c] = p - target;
    loss -= target * Math.log(p);
  }
  return loss;
}

function trainSample(net: Network, sample: Sample, recipe: Recipe, random: Random): number {
  augment(sample.grey, random, net.floats("x"));
  const mask = Array.from({ length: SHAPE.d1 }, () => (random() < recipe.dropout ? 0 : 1 / (1 - recipe.dropout)));
  const drop = (values: Float32Array) => {
    for (let i = 0; i < values.length; i++) values[i] = values[i]! * mask[i]!;
  };
  const loss = crossEntropy(forward(net, drop), sample.label, recipe.smoothing, net.floats("dy4"));
  backward(net, drop);
  return loss;
}

function rateAt(recipe: Recipe, progress: number): number {
  const warm = Math.min(1, progress * recipe.epochs);
  return recipe.rate * warm * 0.5 * (1 + Math.cos(Math.PI * progress));
}

export async function fit(training: Sample[], recipe: Recipe, log: (line: string) => void): Promise<Network> {
  const random = createRandom(recipe.seed);
  const net = await createNetwork(random);
  const perEpoch = Math.floor(training.length / recipe.batch);
  const { base, count, kernels } = net;
  const started = performance.now();
  for (let epoch = 0, t = 0; epoch < recipe.epochs; epoch++) {
    const order = shuffle([...training], random);
    let loss = 0;
    for (let b = 0; b < perEpoch; b++) {
      transposeWeights(net);
      for (let i = 0; i < recipe.batch; i++) loss += trainSample(net, order[b * recipe.batch + i]!, recipe, random);
      const rate = rateAt(recipe, t / (perEpoch * recipe.epochs));
      t++;
      const step = rate / (1 - 0.9 ** t);
      kernels.adam(base.w, base.g, base.m, base.v, count, 1 / recipe.batch, step, 1 / (1 - 0.999 ** t), rate * recipe.decay);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    log(`epoch ${epoch + 1}/${recipe.epochs}  loss ${(loss / (perEpoch * recipe.batch)).toFixed(4)}  ${seconds} s`);
  }
  return net;
}

/** Index of the largest value; the lowest wins a tie. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Part of the samples that the float network gets right, without augmentation. */
export function accuracy(net: Network, samples: readonly Sample[]): number {
  let right = 0;
  for (const { grey, label } of samples) {
    net.floats("x").set(Float32Array.from(grey, (g) => g / 255));
    if (argmax(forward(net)) === label) right++;
  }
  return right / samples.length;
}
