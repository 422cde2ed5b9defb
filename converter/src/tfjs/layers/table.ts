/** What each layer of Keras becomes, and what to do about those that become nothing. */
import { FUNCTIONS } from "./functions.ts";
import { type Layer, type LayerRule, unsupported } from "./layer.ts";
import { MOVES } from "./moves.ts";
import { POOLS } from "./pools.ts";
import { PRODUCTS } from "./products.ts";

const RULES: Record<string, LayerRule> = { ...FUNCTIONS, ...MOVES, ...POOLS, ...PRODUCTS };

const RECURRENT = "use a convolution or attention over the window";
const REMEDIES: Record<string, string> = {
  Bidirectional: RECURRENT,
  Conv2DTranspose: "upsample by another part of the model, or use the asynchronous path",
  GRU: RECURRENT,
  LSTM: RECURRENT,
  Lambda: "write it with layers that docs/models.md lists",
  SimpleRNN: RECURRENT,
  TimeDistributed: "a Dense or a convolution takes each row alone without it",
  UpSampling2D: "resize in the caller, or train without",
};

export function ruleOf(layer: Layer): LayerRule {
  if (Object.hasOwn(RULES, layer.type)) return RULES[layer.type]!;
  return unsupported(
    layer,
    "this layer has no integer form here",
    (Object.hasOwn(REMEDIES, layer.type) ? REMEDIES[layer.type] : undefined) ??
      "replace it by layers that docs/models.md lists, or cut the model before it",
  );
}
