/**
 * guesslang's net in integers. Its scores are a sum over the counts (wide) and three layers on their means (deep), which differ
 * by a factor of hundreds with the length of the text: int8 could not hold them, so the last operator is a DENSE with int32
 * results (inference.md section 2) in steps of the wide weights. Those were bytes of one scale in the source and are the same
 * whole numbers here; the deep part, which moves scores by 0.2, is converted as any other float net and added in the same steps.
 */
import { product } from "../../../converter/src/float/products.ts";
import { runFloat } from "../../../converter/src/float/run.ts";
import { createBuilder } from "../../../converter/src/ir/builder.ts";
import { type Graph, NO_CLAMP, type Value } from "../../../converter/src/ir/graph.ts";
import { fitWeights } from "../../../converter/src/quantise/fit.ts";
import { lowerAfter } from "../../../converter/src/quantise/lower.ts";
import { observe } from "../../../converter/src/quantise/observe.ts";
import { chooseScales } from "../../../converter/src/quantise/ranges.ts";
import { countPairs, SHARE_STEPS } from "../../../examples/language/features.ts";
import { createModelBuilder } from "../../../precompiles/src/model/model-builder.ts";
import type { Matrix, Source } from "./source.ts";

const RELU = { lo: 0, hi: Number.POSITIVE_INFINITY };

/** Shares of each bucket's pairs to the deep part's scores. */
export function deepPart({ embedding, layers, wide }: Source): Graph {
  const builder = createBuilder();
  const input: Value = { name: "shares", shape: [embedding.shape[0]!] };
  const zeros = { data: new Float32Array(embedding.shape[1]!) };
  const dense = (x: Value, weights: Matrix, bias: { data: Float32Array }, last: boolean, name: string) =>
    builder.add({ kind: "dense", weights: transposed(weights), bias: bias.data, clamp: last ? NO_CLAMP : RELU }, [x], name);
  const mean = builder.add({ kind: "dense", weights: transposed(embedding), bias: zeros.data, clamp: NO_CLAMP }, [input], "embedding");
  const output = layers.reduce((x, { weights, bias }, i) => dense(x, weights, bias, i === layers.length - 1, `layer ${i}`), mean);
  input.quantisation = { scale: 1 / SHARE_STEPS, zeroPoint: 0 };
  output.quantisation = { scale: wide.weights.scale, zeroPoint: 0 };
  return builder.graph(input, output);
}

/** [K, N] as DENSE has it, [N, K]. */
function transposed({ data, shape }: Matrix): Float32Array {
  const [k, n] = shape as [number, number];
  return Float32Array.from({ length: k * n }, (_, i) => data[(i % k) * n + Math.floor(i / k)]!);
}

/** The source's scores of a text, in single precision as it computes them. */
export function floatScores(source: Source, deep: Graph): (text: string) => Float32Array {
  const { weights, bias } = source.wide;
  const wide = transposed(weights);
  return (text) => {
    const { counts, pairs } = countPairs(text);
    const scores = new Float32Array(bias.data.length);
    product(scores, Float32Array.from(counts), wide, bias.data, 1, scores.length, counts.length);
    const means = runFloat(
      deep,
      Float32Array.from(counts, (x) => x / Math.max(1, pairs)),
    ).get(deep.output)!;
    return scores.map((x, i) => x + means[i]!);
  };
}

/** The file. `shares`: inputs of the deep part by which its ranges are found. */
export function integerModel({ wide }: Source, deep: Graph, shares: readonly Float32Array[]): Uint8Array {
  const buckets = deep.input.shape[0]!;
  const labels = wide.bias.data.length;
  const builder = createModelBuilder([2, buckets]);
  const row = (i: number) =>
    builder.add("RESHAPE", [builder.add("SLICE", [builder.input], { shape: [1, buckets] }, [i, 0, 1, 1])], { shape: [buckets] });
  const [counts, share] = [row(0), row(1)];
  const scales = chooseScales(deep, observe(deep, shares));
  const means = lowerAfter(builder, share, deep, scales, fitWeights(deep, scales, shares));
  const joined = builder.add("CONCAT", [counts, means], { shape: [buckets + labels] }, [0]);
  const bias = Int32Array.from(wide.bias.data, (x) => Math.round(x / wide.weights.scale));
  const sum = [
    { shape: [labels, buckets + labels], data: joinedWeights(wide.weights, buckets, labels) },
    { shape: [labels], data: bias },
  ];
  return builder.build(builder.add("DENSE", [joined, ...sum], { shape: [labels], dtype: "int32" }));
}

/**
 * The wide part's weights as whole numbers, and 1 for each of the deep part's scores. What all labels of a bucket have in common
 * moves no score against another, so each bucket's weights are centred: the source's lie between -99 and 156, and are int8 then.
 */
function joinedWeights({ data, scale }: Matrix, buckets: number, labels: number): Int8Array {
  const out = new Int8Array(labels * (buckets + labels));
  for (let bucket = 0; bucket < buckets; bucket++) {
    const whole = Array.from({ length: labels }, (_, label) => Math.round(data[bucket * labels + label]! / scale));
    const centre = (Math.max(...whole) + Math.min(...whole)) >> 1;
    if (Math.max(...whole) - centre > 127) throw new Error(`bucket ${bucket}: weights of more than 8 bits`);
    for (const [label, weight] of whole.entries()) out[label * (buckets + labels) + bucket] = weight - centre;
  }
  for (let label = 0; label < labels; label++) out[label * (buckets + labels) + buckets + label] = 1;
  return out;
}
