import { globalPool, pool } from "../windows.ts";
import { dimsOf, flagIn, inputOf, type LayerRule, placesIn, slideOf } from "./layer.ts";

const pooling =
  (kind: "MaxPool" | "AveragePool", places: number): LayerRule =>
  (layer) => {
    const window = placesIn(layer, "pool_size", places, Array(places).fill(2));
    return pool(layer, inputOf(layer), kind, window, slideOf(layer, places, window));
  };

const global =
  (kind: "GlobalMaxPool" | "GlobalAveragePool"): LayerRule =>
  (layer) => {
    const x = inputOf(layer);
    return globalPool(layer, x, kind, dimsOf(x, layer).length, flagIn(layer, "keepdims", false));
  };

export const POOLS: Record<string, LayerRule> = {
  AveragePooling1D: pooling("AveragePool", 1),
  AveragePooling2D: pooling("AveragePool", 2),
  GlobalAveragePooling1D: global("GlobalAveragePool"),
  GlobalAveragePooling2D: global("GlobalAveragePool"),
  GlobalMaxPooling1D: global("GlobalMaxPool"),
  GlobalMaxPooling2D: global("GlobalMaxPool"),
  MaxPooling1D: pooling("MaxPool", 1),
  MaxPooling2D: pooling("MaxPool", 2),
};
