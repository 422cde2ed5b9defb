/** Builds a graph node by node; the shape of every result follows from its operator. */
import { MAX_OPERATORS, MAX_UNITS_PER_TX } from "@noema/precompiles/format/limits";
import { fail } from "../errors.ts";
import { count, type Graph, isRow, type Node, type Op, type Shape, sameShape, slid, type Value } from "./graph.ts";

export interface Builder {
  /** The node's result. `shape`: of a reshape, which alone does not say its own. */
  add(op: Op, inputs: readonly Value[], name: string, shape?: Shape): Value;
  reshape(value: Value, shape: Shape, name: string): Value;
  graph(input: Value, output: Value): Graph;
}

/** Values of one model together: 4 GiB of floats are no model that a validator runs. */
const MAX_ELEMENTS = 2 ** 28;
/** Passes join nodes, but not one to four. */
const MAX_NODES = 4 * MAX_OPERATORS;

export function createBuilder(): Builder {
  const nodes: Node[] = [];
  let elements = 0;
  let macs = 0;
  const add = (op: Op, inputs: readonly Value[], name: string, shape = shapeOf(op, inputs, name)): Value => {
    elements += count(shape);
    if (elements > MAX_ELEMENTS)
      fail("CONVERT_UNSUPPORTED", `${name}: the values of the model take more than ${MAX_ELEMENTS} numbers: make its input smaller`);
    if (count(shape) === 0) fail("CONVERT_SOURCE_INVALID", `${name}: its result is empty, [${shape}]`);
    macs += count(shape) * macsOfElement(op, inputs);
    if (macs > MAX_UNITS_PER_TX)
      fail(
        "CONVERT_UNSUPPORTED",
        `${name}: more than ${MAX_UNITS_PER_TX} multiply-accumulates, which no transaction may use: make the model smaller`,
      );
    if (nodes.length >= MAX_NODES) fail("CONVERT_UNSUPPORTED", `${name}: more than ${MAX_NODES} operators: make the model smaller`);
    if (Object.values(op).some((part) => part instanceof Float32Array && !part.every(Number.isFinite)))
      if (op.kind === "affine")
        fail(
          "CONVERT_UNSUPPORTED",
          `${name}: it adds or multiplies by what is not finite, as masks do: mask with a finite number, such as -10000`,
        );
      else fail("CONVERT_SOURCE_INVALID", `${name}: numbers that are not finite`);
    const output = { shape, name };
    nodes.push({ op, inputs, output, name });
    return output;
  };
  return {
    add,
    reshape: (value, shape, name) => (sameShape(value.shape, shape) ? value : add({ kind: "reshape" }, [value], name, shape)),
    graph: (input, output) => ({ input, output, nodes }),
  };
}

function macsOfElement(op: Op, inputs: readonly Value[]): number {
  if (op.kind === "conv" || op.kind === "depthwise" || op.kind === "dense") return op.weights.length / op.bias.length;
  return op.kind === "matmul" ? inputs[0]!.shape.at(-1)! : 0;
}

export const identity: Op = { kind: "unary", function: "identity", apply: (x) => x };

function shapeOf(op: Op, inputs: readonly Value[], name: string): Shape {
  const shape = (inputs[0] as Value).shape;
  const need = (condition: boolean, why: string) => {
    if (!condition) fail("CONVERT_SOURCE_INVALID", `${name}: ${why}; its input is [${shape}]`);
  };
  switch (op.kind) {
    case "conv":
    case "depthwise": {
      need(shape.length === 3, "no image");
      const [height, width] = slid(op.window, shape[0]!, shape[1]!);
      const { kernelY, kernelX } = op.window;
      need(height > 0 && width > 0, "the window is larger than the image");
      need(
        op.kind === "conv" ? op.weights.length === op.bias.length * kernelY * kernelX * shape[2]! : op.bias.length === shape[2],
        "weights for other channels",
      );
      return [height, width, op.bias.length];
    }
    case "dense":
      need(op.weights.length === op.bias.length * shape.at(-1)!, `weights for ${op.weights.length / op.bias.length} elements`);
      return [...shape.slice(0, -1), op.bias.length];
    case "affine":
      need(op.scale.length === shape.at(-1), `${op.scale.length} factors`);
      return shape;
    case "add":
    case "multiply": {
      const other = (inputs[1] as Value).shape;
      need(sameShape(other, shape) || isRow(other, shape), `its second input is [${other}], neither of the same shape nor a row`);
      return shape;
    }
    case "matmul": {
      const other = (inputs[1] as Value).shape;
      const [k, n] = op.transposed ? [other.at(-1), other.at(-2)] : [other.at(-2), other.at(-1)];
      need(k === shape.at(-1) && sameShape(shape.slice(0, -2), other.slice(0, -2)), `its second input is [${other}]`);
      return [...shape.slice(0, -1), n as number];
    }
    case "maxpool":
    case "avgpool": {
      need(shape.length === 3, "no image");
      const [height, width] = slid(op.window, shape[0]!, shape[1]!);
      need(height > 0 && width > 0, "the window is larger than the image");
      return [height, width, shape[2]!];
    }
    case "transpose":
      return op.order.map((axis) => shape[axis] as number);
    case "concat": {
      const along = inputs.reduce((sum, { shape: part }) => sum + part[op.axis]!, 0);
      need(
        inputs.every(({ shape: part }) => part.length === shape.length && part.every((d, i) => i === op.axis || d === shape[i])),
        "its inputs do not fit",
      );
      return shape.map((dimension, i) => (i === op.axis ? along : dimension));
    }
    case "pad":
      return shape.map((dimension, i) => dimension + op.before[i]! + op.after[i]!);
    case "gather":
      return [...shape, op.columns];
    case "argmax":
      return [...shape.slice(0, -1), 1];
    case "topk":
      return [...shape.slice(0, -1), op.k];
    default:
      return shape; // reshape and slice are given theirs
  }
}
