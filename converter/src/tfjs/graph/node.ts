/** A node of a TensorFlow graph as its rule sees it. */
import { fail } from "../../errors.ts";
import { isConstant, isLaid, type Known } from "../../onnx/call.ts";
import { type Constant, numbers } from "../../source/constant.ts";
import { type Fields, isFields, listOf, textOf } from "../json.ts";
import type { At } from "../say.ts";
import type { Slide } from "../windows.ts";

export interface GraphNode extends At {
  op: string;
  attributes: Fields;
  inputs: readonly Known[];
}

/** All results of a node; most have one. */
export type GraphRule = (node: GraphNode) => Known | Known[];

export function unsupported({ name }: At, why: string, remedy: string): never {
  return fail("CONVERT_UNSUPPORTED", `${name}: ${why}: ${remedy}`);
}

const invalid = ({ name }: At, why: string): never => fail("CONVERT_SOURCE_INVALID", `${name}: ${why}`);

/** As protobuf's JSON writes attributes: 64-bit integers as text, bytes in base64. */
const attribute = ({ attributes }: GraphNode, key: string): Fields => (isFields(attributes[key]) ? attributes[key] : {});
const decoded = (x: unknown, what: string) => Buffer.from(textOf(x, what), "base64").toString("latin1");
const whole = (node: GraphNode, x: unknown, key: string) => {
  const value = Number(x);
  return Number.isSafeInteger(value) ? value : invalid(node, `${key} ${String(x)}`);
};

export const flagOf = (node: GraphNode, key: string): boolean => attribute(node, key).b === true;
export function floatOf(node: GraphNode, key: string, otherwise: number): number {
  const { f } = attribute(node, key);
  return typeof f === "number" ? f : otherwise;
}
export function intOf(node: GraphNode, key: string, otherwise: number): number {
  const { i } = attribute(node, key);
  return i === undefined ? otherwise : whole(node, i, key);
}
function textIn(node: GraphNode, key: string, otherwise: string): string {
  const { s } = attribute(node, key);
  return s === undefined ? otherwise : decoded(s, `${key} of ${node.name}`);
}
const listIn = (node: GraphNode, key: string): Fields => {
  const { list } = attribute(node, key);
  return isFields(list) ? list : {};
};
export function intsOf(node: GraphNode, key: string): number[] | undefined {
  const { i } = listIn(node, key);
  return i === undefined ? undefined : listOf(i, key).map((x) => whole(node, x, key));
}
export const textsOf = (node: GraphNode, key: string): string[] => {
  const { s } = listIn(node, key);
  return s === undefined ? [] : listOf(s, key).map((x) => decoded(x, `${key} of ${node.name}`));
};

export const inputOf = (node: GraphNode, i: number): Known => node.inputs[i] ?? invalid(node, `it has no input ${i}`);
export function constantOf(node: GraphNode, i: number): Constant {
  const input = inputOf(node, i);
  return isConstant(input) ? input : unsupported(node, `input ${i} has to be known beforehand`, "make it a constant of the model");
}
export const numbersOf = (node: GraphNode, i: number): number[] => numbers(constantOf(node, i));

export function rankOf(node: GraphNode, i: number): number {
  const input = inputOf(node, i);
  return isLaid(input) || isConstant(input) ? input.dims.length : invalid(node, `input ${i} is no tensor`);
}

/** Height and width of a list for batch, height, width and channels. */
function places(node: GraphNode, key: string): number[] | undefined {
  const all = intsOf(node, key);
  if (all === undefined || all.length === 0) return undefined;
  if (all.length !== 4 || all[0] !== 1 || all[3] !== 1) unsupported(node, `${key} [${all}]`, "slide over height and width only");
  return all.slice(1, 3);
}

export const windowIn = (node: GraphNode): number[] => places(node, "ksize") ?? invalid(node, "no ksize");

export function slideOf(node: GraphNode): Slide {
  if (textIn(node, "data_format", "NHWC") !== "NHWC") unsupported(node, "channels first", "export the model with channels last");
  const padding = textIn(node, "padding", "VALID");
  if (padding !== "SAME" && padding !== "VALID") return unsupported(node, `padding ${padding}`, "pad by a Pad before");
  return { strides: places(node, "strides") ?? [1, 1], dilations: places(node, "dilations"), padding };
}
