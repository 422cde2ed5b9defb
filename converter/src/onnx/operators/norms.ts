import { rowMajor } from "../../source/laid.ts";
import {
  axisOf,
  type Call,
  constantOf,
  floatOf,
  imageLaid,
  imageOf,
  intOf,
  invalid,
  type Known,
  laidOf,
  optional,
  type Rule,
  straightOf,
  unsupported,
} from "../call.ts";

/** Of a model that is trained: a factor and a summand for each channel. */
const batch: Rule = (call) => {
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) => constantOf(call, i).data);
  const epsilon = floatOf(call, "epsilon", 1e-5);
  const factor = Float32Array.from(scale!, (x, i) => x / Math.sqrt(variance![i]! + epsilon));
  const op = { kind: "affine" as const, scale: factor, shift: Float32Array.from(shift!, (x, i) => x - mean![i]! * factor[i]!) };
  const { dims } = laidOf(call, 0);
  if (dims.length > 2) return [imageLaid(call.builder.add(op, [imageOf(call, 0)], call.name), dims.length)];
  return [rowMajor(call.builder.add(op, [straightOf(call, 0)], call.name), dims)];
};

function lastAxis(call: Call, otherwise: number): readonly number[] {
  const { dims } = laidOf(call, 0);
  const axis = axisOf(call, intOf(call, "axis", otherwise), dims.length);
  // Softmax before operator set 13 takes all dimensions from its axis on as one row.
  if (dims.slice(axis + 1).some((d) => d !== 1) || dims.at(-1) === 1)
    unsupported(call, `over dimension ${axis} of [${dims}]`, "move it to the end by a Transpose");
  return dims;
}

const softmax: Rule = (call) => {
  const dims = lastAxis(call, call.opset < 13 ? 1 : -1);
  return [rowMajor(call.builder.add({ kind: "softmax", causal: false }, [straightOf(call, 0)], call.name), dims)];
};

/** Ones where an exporter's pieces had a factor of their own after them. */
const factors = (call: Call, k: number) => optional(call, 1)?.data ?? new Float32Array(k).fill(1);

const layer: Rule = (call) => {
  const dims = lastAxis(call, -1);
  const scale = factors(call, dims.at(-1)!);
  if (scale.length !== dims.at(-1)) invalid(call, `${scale.length} factors`);
  const shift = optional(call, 2)?.data ?? new Float32Array(scale.length);
  const op = {
    kind: "layernorm" as const,
    scale: Float32Array.from(scale),
    shift: Float32Array.from(shift),
    epsilon: floatOf(call, "epsilon", 1e-5),
  };
  return [rowMajor(call.builder.add(op, [straightOf(call, 0)], call.name), dims)];
};

/** RMSNormalization, and what onnxruntime's exporters call SimplifiedLayerNormalization. */
const rms: Rule = (call): Known[] => {
  const dims = lastAxis(call, -1);
  const scale = Float32Array.from(factors(call, dims.at(-1)!));
  const normal = call.builder.add({ kind: "rmsnorm", epsilon: floatOf(call, "epsilon", 1e-5) }, [straightOf(call, 0)], call.name);
  return [rowMajor(call.builder.add({ kind: "affine", scale, shift: new Float32Array(scale.length) }, [normal], call.name), dims)];
};

export const NORMS: Record<string, Rule> = {
  BatchNormalization: batch,
  LayerNormalization: layer,
  LogSoftmax: softmax,
  RMSNormalization: rms,
  SimplifiedLayerNormalization: rms,
  Softmax: softmax,
};
