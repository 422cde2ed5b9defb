import { say } from "../say.ts";
import { convolution, depthwise } from "../windows.ts";
import { biasOf, inputOf, type LayerRule, slideOf, withActivation } from "./layer.ts";

const conv =
  (places: number): LayerRule =>
  (layer) =>
    withActivation(layer, convolution(layer, inputOf(layer), layer.weight("kernel"), biasOf(layer), slideOf(layer, places)));

const depthwiseConv: LayerRule = (layer) =>
  withActivation(layer, depthwise(layer, inputOf(layer), layer.weight("depthwise_kernel"), biasOf(layer), slideOf(layer, 2)));

const separable: LayerRule = (layer) => {
  const own = depthwise(layer, inputOf(layer), layer.weight("depthwise_kernel"), undefined, slideOf(layer, 2));
  const point = { strides: [1, 1], padding: "VALID" } as const;
  return withActivation(layer, convolution(layer, own, layer.weight("pointwise_kernel"), biasOf(layer), point));
};

const dense: LayerRule = (layer) =>
  withActivation(layer, say(layer, "Gemm", [inputOf(layer), layer.weight("kernel"), biasOf(layer)], { alpha: 1, beta: 1 }));

export const PRODUCTS: Record<string, LayerRule> = {
  Conv1D: conv(1),
  Conv2D: conv(2),
  Dense: dense,
  DepthwiseConv2D: depthwiseConv,
  Embedding: (layer) => say(layer, "Gather", [layer.weight("embeddings"), inputOf(layer)]),
  SeparableConv2D: separable,
};
