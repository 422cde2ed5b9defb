/** Small models of every layer that the converter takes, with what TensorFlow.js answers: converter/fixtures/tfjs-answers.json. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TfArtifacts, type Tfjs, type TfLayersModel, tfjs } from "./runtimes.ts";

const FILE = join(resolve(import.meta.dirname, "../.."), "converter/fixtures/tfjs-answers.json");

/** From -1 to 1, the same for the same seed. */
function reals(n: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const image = [7, 6, 3];
type Chain = [layer: string, config?: Record<string, unknown>][];

/** Models of one layer after the other. */
const CHAINS: Record<string, { shape: number[]; layers: Chain }> = {
  "conv same, strided": {
    shape: image,
    layers: [["conv2d", { filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }]],
  },
  "conv valid": { shape: image, layers: [["conv2d", { filters: 2, kernelSize: [3, 2], useBias: false }]] },
  "conv dilated": { shape: image, layers: [["conv2d", { filters: 2, kernelSize: 3, dilationRate: 2, padding: "same" }]] },
  "conv of sequences": { shape: [9, 4], layers: [["conv1d", { filters: 3, kernelSize: 3, padding: "same" }]] },
  depthwise: { shape: image, layers: [["depthwiseConv2d", { kernelSize: 3, strides: 2, padding: "same" }]] },
  "depthwise, two for each": { shape: image, layers: [["depthwiseConv2d", { kernelSize: 3, depthMultiplier: 2 }]] },
  separable: { shape: image, layers: [["separableConv2d", { filters: 5, kernelSize: 3, padding: "same", activation: "elu" }]] },
  "batch norm, relu6": {
    shape: image,
    layers: [["conv2d", { filters: 4, kernelSize: 1 }], ["batchNormalization"], ["reLU", { maxValue: 6 }]],
  },
  "batch norm of a row": {
    shape: [5],
    layers: [
      ["dense", { units: 4 }],
      ["batchNormalization", { scale: false }],
      ["leakyReLU", { alpha: 0.1 }],
    ],
  },
  pools: {
    shape: image,
    layers: [
      ["maxPooling2d", { poolSize: 3, strides: 2, padding: "same" }],
      ["averagePooling2d", { poolSize: 2, padding: "same" }],
    ],
  },
  "pools of sequences": {
    shape: [9, 2],
    layers: [
      ["maxPooling1d", { poolSize: 2 }],
      ["averagePooling1d", { poolSize: 2 }],
    ],
  },
  "global means": { shape: image, layers: [["globalAveragePooling2d"], ["dense", { units: 3, activation: "softmax" }]] },
  "global largest": { shape: image, layers: [["globalMaxPooling2d"]] },
  moves: {
    shape: image,
    layers: [
      [
        "zeroPadding2d",
        {
          padding: [
            [1, 0],
            [2, 1],
          ],
        },
      ],
      [
        "cropping2D",
        {
          cropping: [
            [0, 1],
            [1, 0],
          ],
        },
      ],
      ["reshape", { targetShape: [56, 3] }],
      ["permute", { dims: [2, 1] }],
      ["dropout", { rate: 0.5 }],
      ["flatten"],
      ["dense", { units: 2, activation: "tanh" }],
    ],
  },
  activations: {
    shape: [6],
    layers: [
      ["activation", { activation: "hardSigmoid" }],
      ["activation", { activation: "selu" }],
      ["activation", { activation: "swish" }],
      ["activation", { activation: "softplus" }],
      ["activation", { activation: "softsign" }],
    ],
  },
  "layer norm": { shape: [4, 6], layers: [["layerNormalization"]] },
  "elu, rescaling": {
    shape: [6],
    layers: [["rescaling", { scale: 2, offset: -1 }], ["elu"], ["softmax"]],
  },
};

const apply = (tf: Tfjs, x: unknown, chain: Chain): unknown =>
  chain.reduce((value, [layer, config]) => (tf.layers[layer] as NonNullable<Tfjs["layers"][string]>)(config ?? {}).apply(value), x);

/** What no chain has: sums, concatenations, a layer that is used twice, models in models. */
function branched(tf: Tfjs): Record<string, { shape: number[]; model: TfLayersModel }> {
  const begin = () => tf.input({ shape: image });
  const layer = (name: string, config?: Record<string, unknown>) => (tf.layers[name] as NonNullable<Tfjs["layers"][string]>)(config ?? {});
  const join = () => {
    const x = begin();
    const [a, b] = [
      layer("conv2d", { filters: 3, kernelSize: 1 }).apply(x),
      layer("conv2d", { filters: 3, kernelSize: 3, padding: "same" }).apply(x),
    ];
    const sum = layer("add").apply([a, b, x]);
    const joined = layer("concatenate").apply([sum, layer("multiply").apply([a, b]), layer("average").apply([a, x])]);
    return tf.model({ inputs: x, outputs: joined });
  };
  const shared = () => {
    const x = begin();
    const conv = layer("conv2d", { filters: 3, kernelSize: 3, padding: "same" });
    return tf.model({ inputs: x, outputs: layer("add").apply([conv.apply(conv.apply(x)), x]) });
  };
  const nested = () => {
    const x = begin();
    const inner = tf.model({
      inputs: x,
      outputs: apply(tf, x, [["conv2d", { filters: 4, kernelSize: 3, activation: "relu" }], ["globalAveragePooling2d"]]),
    });
    const head = tf.sequential({ layers: [layer("dense", { units: 3, inputShape: [4] }), layer("activation", { activation: "softmax" })] });
    return tf.sequential({ layers: [inner, head] });
  };
  const inFunctional = () => {
    const x = begin();
    const inner = tf.sequential({ layers: [layer("conv2d", { filters: 3, kernelSize: 1, inputShape: image })] }) as unknown as {
      apply(x: unknown): unknown;
    };
    return tf.model({ inputs: x, outputs: layer("add").apply([inner.apply(x), x]) });
  };
  return {
    branches: { shape: image, model: join() },
    "used twice": { shape: image, model: shared() },
    nested: { shape: image, model: nested() },
    "sequential in functional": { shape: image, model: inFunctional() },
  };
}

/** Weights that this file says, so that it says the same again. A variance is positive. */
function seedWeights(tf: Tfjs, model: TfLayersModel): void {
  const values = model.weights.map(({ originalName, shape }, i) => {
    const own = reals(
      shape.reduce((a, b) => a * b, 1),
      100 + i,
    );
    return tf.tensor(/variance/.test(originalName) ? own.map((x) => 1.5 + x) : own, shape);
  });
  model.setWeights(values);
}

const base64 = (data: ArrayBuffer | Float32Array) =>
  (data instanceof Float32Array ? Buffer.from(data.buffer) : Buffer.from(data)).toString("base64");

export async function writeTfjsAnswers(): Promise<void> {
  const tf = await tfjs();
  const chains = Object.entries(CHAINS).map(([name, { shape, layers }]) => {
    const x = tf.input({ shape });
    return [name, { shape, model: tf.model({ inputs: x, outputs: apply(tf, x, layers) }) }] as const;
  });
  const cases = [];
  for (const [name, { shape, model }] of [...chains, ...Object.entries(branched(tf))]) {
    seedWeights(tf, model);
    let artifacts: TfArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (x) => {
        artifacts = x;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const input = reals(
      shape.reduce((a, b) => a * b, 1),
      7,
    );
    const output = model.predict(tf.tensor(input, [1, ...shape]));
    cases.push({
      name,
      topology: artifacts?.modelTopology,
      specs: artifacts?.weightSpecs,
      weights: base64(artifacts?.weightData ?? new ArrayBuffer(0)),
      input: base64(input),
      output: Array.from(output.dataSync(), (x) => Number(x.toPrecision(7))),
    });
  }
  writeFileSync(FILE, `[\n${cases.map((x) => JSON.stringify(x)).join(",\n")}\n]\n`);
}

await writeTfjsAnswers();
