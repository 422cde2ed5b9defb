/**
 * What a layer or a node of tfjs computes, said in ONNX's operators: those have a rule each, and the words for what cannot be. tfjs
 * has channels last; a Transpose around costs nothing, since it only relabels (source/laid.ts).
 */
import type { Builder } from "../ir/builder.ts";
import { type Call, isLaid, type Known } from "../onnx/call.ts";
import { FOLD } from "../onnx/fold.ts";
import { ruleOf } from "../onnx/operators/table.ts";

export interface At {
  builder: Builder;
  /** The source's, for messages: its type and name. */
  name: string;
}

type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** The operator set whose rules are meant. */
const OPSET = 17;

export function say({ builder, name }: At, opType: string, inputs: readonly (Known | undefined)[], attributes: Attributes = {}): Known {
  const attribute = Object.entries(attributes).map(([key, value]) => ({
    name: key,
    f: Number(value),
    i: Number(value),
    s: new TextEncoder().encode(typeof value === "string" ? value : ""),
    floats: [],
    ints: typeof value === "object" ? [...value] : [],
  }));
  const node = { input: [], output: [], name, opType, domain: "", attribute };
  const call: Call = { node, name, opset: OPSET, inputs, builder };
  const rule = inputs.some(isLaid) || !Object.hasOwn(FOLD, opType) ? ruleOf(call) : FOLD[opType]!;
  return rule(call)[0] as Known;
}

/** `make` on the same with channels first, as ONNX has images and sequences; its result with channels last again. */
export function channelsFirst(at: At, x: Known, rank: number, make: (x: Known) => Known): Known {
  if (rank < 3) return make(x);
  const places = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  const turned = make(say(at, "Transpose", [x], { perm: [0, rank - 1, ...places] }));
  return say(at, "Transpose", [turned], { perm: [0, ...places.map((i) => i + 1), 1] });
}
