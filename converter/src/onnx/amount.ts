/** How much a file says, counted before anything of it is allocated: an object takes a hundred times the two bytes that ask for it. */
import protobuf from "protobufjs/light.js";
import { ONNX } from "./schema.ts";

/** Fields in all: nodes, names, attributes, dimensions. A graph of 10,000 nodes has some 200,000. */
const MAX_FIELDS = 2 ** 20;
/** Numbers of tensors that are no raw bytes: twice the weights that a model may have. */
const MAX_NUMBERS = 2 ** 25;
/** Subgraphs in subgraphs take three each. */
const MAX_DEPTH = 64;

type Field = { id: number; type: string; rule?: string };
const MESSAGES = new Map(
  Object.entries(ONNX.nested).map(([name, { fields }]) => [name, new Map(Object.values<Field>(fields).map((field) => [field.id, field]))]),
);
const WIDTHS: Record<string, number> = { float: 4, double: 8 };
const [FIXED64, BYTES, FIXED32] = [1, 2, 5];

/** What there is too much of; undefined where it is little enough. Throws what protobufjs throws at a damaged file. */
export function excessOf(file: Uint8Array): string | undefined {
  const reader = protobuf.Reader.create(file);
  let [fields, numbers] = [0, 0];

  function numbersIn(type: string, end: number): number {
    const width = WIDTHS[type];
    if (width !== undefined) return Math.ceil((end - reader.pos) / width);
    let count = 0;
    for (let at = reader.pos; at < end; at++) if (file[at]! < 128) count++;
    return count;
  }

  function walk(message: string, end: number, depth: number): string | undefined {
    if (depth > MAX_DEPTH) return `messages more than ${MAX_DEPTH} deep`;
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (++fields > MAX_FIELDS) return `more than ${MAX_FIELDS} fields`;
      const [field, wire] = [MESSAGES.get(message)!.get(tag >>> 3), tag & 7];
      if (wire !== BYTES) {
        if (wire !== 0 && wire !== FIXED64 && wire !== FIXED32) throw new RangeError(`wire type ${wire}`);
        reader.skipType(wire);
        continue;
      }
      const length = reader.uint32();
      const to = reader.pos + length;
      if (to > end) throw new RangeError("a field longer than its message");
      if (field !== undefined && MESSAGES.has(field.type)) {
        const excess = walk(field.type, to, depth + 1);
        if (excess !== undefined) return excess;
      } else if (field?.rule === "repeated" && field.type !== "string" && field.type !== "bytes") {
        const count = numbersIn(field.type, to);
        if (message === "Tensor" && field.id !== ONNX.nested.Tensor.fields.dims.id) numbers += count;
        else fields += count;
        if (fields > MAX_FIELDS) return `more than ${MAX_FIELDS} fields`;
        if (numbers > MAX_NUMBERS) return `more than ${MAX_NUMBERS} numbers`;
      }
      reader.pos = to;
    }
    return undefined;
  }
  return walk("Model", file.length, 0);
}
