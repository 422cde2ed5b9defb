import { expect, it } from "vitest";
import { excessOf } from "./amount.ts";
import { readOnnx } from "./read.ts";
import { floats, onnxModel, reals } from "./testing/onnx-model.ts";

function varint(n: number): number[] {
  return n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)];
}
const field = (id: number, body: Uint8Array) => Buffer.concat([Uint8Array.of((id << 3) | 2, ...varint(body.length)), body]);
const [GRAPH, NODE, INITIALIZER, ATTRIBUTE, SUBGRAPH] = [7, 1, 5, 5, 6];

it.each([
  ["empty nodes", field(GRAPH, Buffer.alloc(2 ** 22, Uint8Array.of((NODE << 3) | 2, 0))), /1048576 fields/],
  ["a tensor of two million dimensions", field(GRAPH, field(INITIALIZER, field(1, Buffer.alloc(2 ** 21, 1)))), /1048576 fields/],
  ["40 million numbers of a byte each", field(GRAPH, field(INITIALIZER, field(5, Buffer.alloc(4e7, 1)))), /33554432 numbers/],
  ["fields that the schema does not know", field(GRAPH, Buffer.alloc(2 ** 22, Uint8Array.of(0x78, 0))), /1048576 fields/],
])("%s are refused before they are read", (_, file, why) => {
  expect(() => readOnnx(file)).toThrow(why);
});

it("graphs in graphs are refused where they are too deep", () => {
  let body: Buffer = Buffer.alloc(0);
  for (let i = 0; i < 5000; i++) body = field(NODE, field(ATTRIBUTE, field(SUBGRAPH, body)));
  expect(() => readOnnx(field(GRAPH, body))).toThrow(/64 deep/);
});

it("what is honest passes, cut files are damaged", () => {
  const file = onnxModel([1, 4], [{ op: "Gemm", inputs: ["x", "w"] }], [floats("w", [4, 4], reals(16))]);
  expect(excessOf(file)).toBeUndefined();
  expect(() => readOnnx(file.subarray(0, file.length - 3))).toThrow(/no ONNX model/);
});
