/** A small net over buckets, trained by stochastic gradient descent in doubles: the same seed gives the same weights on the same engine. */
import { randomOf } from "../random.ts";
import type { Passage } from "./messages.ts";
import { BUCKETS, bucketsOf } from "./words.ts";

export const HIDDEN = 16;
/** Ham, spam. */
export const CLASSES = 2;

export interface Net {
  /** [HIDDEN, BUCKETS]; [CLASSES, HIDDEN]. */
  weights: [Float32Array, Float32Array];
  bias: [Float32Array, Float32Array];
}

const RATE = 0.05;
/** Of a step, taken off each weight that it uses: rare words keep small weights. */
const DECAY = 2e-4;
/** Of a passage's buckets, left out at random, so that no single word decides. */
const DROPPED = 0.3;

/** Distinct buckets of each passage. */
const setsOf = (passages: readonly Passage[]) => passages.map(({ text }) => [...new Set(bucketsOf(text))]);

export function train(passages: readonly Passage[], { seed, epochs }: { seed: number; epochs: number }): Net {
  const random = randomOf(seed);
  const near = (n: number, size: number) => Float32Array.from({ length: n }, () => (random() - 0.5) * size);
  const net: Net = {
    weights: [near(HIDDEN * BUCKETS, 0.1), near(CLASSES * HIDDEN, 0.5)],
    bias: [new Float32Array(HIDDEN), new Float32Array(CLASSES)],
  };
  const sets = setsOf(passages);
  const order = passages.map((_, i) => i);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    const rate = RATE * (1 - epoch / epochs);
    for (const i of order)
      step(
        net,
        sets[i]!.filter(() => random() >= DROPPED),
        passages[i]!.spam ? 1 : 0,
        rate,
      );
  }
  return net;
}

function hidden({ weights: [first], bias }: Net, buckets: readonly number[]): Float64Array {
  return Float64Array.from({ length: HIDDEN }, (_, j) => {
    let sum = bias[0][j]!;
    for (const bucket of buckets) sum += first[j * BUCKETS + bucket]!;
    return Math.max(0, sum);
  });
}

function scoresOf({ weights: [, second], bias }: Net, values: Float64Array): Float64Array {
  return Float64Array.from({ length: CLASSES }, (_, k) => values.reduce((sum, x, j) => sum + second[k * HIDDEN + j]! * x, bias[1][k]!));
}

function step(net: Net, buckets: readonly number[], right: number, rate: number): void {
  const values = hidden(net, buckets);
  const scores = scoresOf(net, values);
  const most = Math.max(...scores);
  const chances = scores.map((x) => Math.exp(x - most));
  const sum = chances.reduce((a, b) => a + b);
  const errors = chances.map((x, k) => x / sum - (k === right ? 1 : 0));
  const [first, second] = net.weights;
  for (let j = 0; j < HIDDEN; j++) {
    const x = values[j]!;
    const back = x > 0 ? errors.reduce((total, e, k) => total + e * second[k * HIDDEN + j]!, 0) : 0;
    for (let k = 0; k < CLASSES; k++) second[k * HIDDEN + j]! -= rate * errors[k]! * x;
    if (back === 0) continue;
    net.bias[0][j]! -= rate * back;
    for (const bucket of buckets) first[j * BUCKETS + bucket]! -= rate * (back + DECAY * first[j * BUCKETS + bucket]!);
  }
  for (let k = 0; k < CLASSES; k++) net.bias[1][k]! -= rate * errors[k]!;
}
