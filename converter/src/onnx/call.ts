/** A node of ONNX as its rule sees it: inputs looked up, attributes with their defaults, and words for what cannot be. */
import { fail } from "../errors.ts";
import type { Builder } from "../ir/builder.ts";
import type { Value } from "../ir/graph.ts";
import { type Constant, numbers, type Sequence, scalar } from "../source/constant.ts";
import { arranged, type Laid, straight } from "../source/laid.ts";
import type { OnnxAttribute, OnnxNode } from "./schema.ts";

export type Known = Constant | Sequence | Laid;
export const isLaid = (x: Known | undefined): x is Laid => x !== undefined && "axes" in x;
export const isConstant = (x: Known | undefined): x is Constant => x !== undefined && "data" in x;

export interface Call {
  node: OnnxNode;
  /** For messages: operator and name. */
  name: string;
  opset: number;
  inputs: readonly (Known | undefined)[];
  builder: Builder;
}

export type Rule = (call: Call) => Known[];

export function unsupported({ name }: Call, why: string, remedy: string): never {
  return fail("CONVERT_UNSUPPORTED", `${name}: ${why}: ${remedy}`);
}

export function invalid({ name }: Call, why: string): never {
  return fail("CONVERT_SOURCE_INVALID", `${name}: ${why}`);
}

function attribute({ node }: Call, name: string): OnnxAttribute | undefined {
  return node.attribute.find((x) => x.name === name);
}

export const intOf = (call: Call, name: string, otherwise: number): number => attribute(call, name)?.i ?? otherwise;
export const floatOf = (call: Call, name: string, otherwise: number): number => attribute(call, name)?.f ?? otherwise;
export const tensorOf = (call: Call, name: string) => attribute(call, name)?.t;
export function intsOf(call: Call, name: string): number[] | undefined {
  const found = attribute(call, name);
  return found === undefined || found.ints.length === 0 ? undefined : found.ints;
}
export function textOf(call: Call, name: string, otherwise: string): string {
  const found = attribute(call, name);
  return found === undefined ? otherwise : new TextDecoder().decode(found.s);
}
export const subgraphOf = (call: Call, name: string) => attribute(call, name)?.g ?? invalid(call, `no graph ${name}`);

export function laidOf(call: Call, i: number): Laid {
  const input = call.inputs[i];
  return isLaid(input)
    ? input
    : unsupported(call, `input ${i} is no result of the model's input`, "run onnx-simplifier, which computes what is constant");
}

export function constantOf(call: Call, i: number): Constant {
  const input = call.inputs[i];
  return isConstant(input) ? input : unsupported(call, `input ${i} has to be known beforehand`, "make it a constant of the model");
}

export const optional = (call: Call, i: number): Constant | undefined => (call.inputs[i] === undefined ? undefined : constantOf(call, i));
export const scalarOf = (call: Call, i: number): number => scalar(constantOf(call, i), call.name);

/** Whole numbers from an attribute, as old operator sets have them, or from an input. */
export function listOf(call: Call, attributeName: string, i: number): number[] | undefined {
  const given = intsOf(call, attributeName);
  if (given !== undefined) return given;
  const input = optional(call, i);
  return input === undefined ? undefined : numbers(input);
}

/** -1 is the last. */
export function axisOf(call: Call, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) invalid(call, `axis ${axis} of ${rank}`);
  return axis < 0 ? axis + rank : axis;
}

/** [batch, channels, height, width] or [batch, channels, length] as an image of the graph. */
export function imageOf(call: Call, i: number): Value {
  const laid = laidOf(call, i);
  const rank = laid.dims.length;
  if (rank !== 3 && rank !== 4)
    unsupported(call, `its input [${laid.dims}] is no image`, "convolutions and pools have one or two dimensions here");
  const value = arranged(call.builder, laid, rank === 4 ? [2, 3, 1] : [2, 1], call.name);
  return rank === 4 ? value : call.builder.reshape(value, [1, ...value.shape], call.name);
}

/** An image of the graph as [1, channels, height, width], or without the height where the source has none. */
export function imageLaid(value: Value, rank: number): Laid {
  const [height, width, channels] = value.shape as [number, number, number];
  return rank === 4
    ? { value, dims: [1, channels, height, width], axes: [-1, 2, 0, 1] }
    : { value, dims: [1, channels, width], axes: [-1, 2, 1] };
}

export const straightOf = (call: Call, i: number): Value => straight(call.builder, laidOf(call, i), call.name);
