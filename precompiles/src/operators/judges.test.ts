/** The judges of operators with arithmetic of their own, against numbers computed by hand and the bounds that the page states; the kernels too. */
import { describe, expect, it } from "vitest";
import { createWasmBackend } from "../backend/wasm-backend.ts";
import type { TensorData } from "../format/types.ts";
import { loadModel } from "../model/load.ts";
import { createModelBuilder } from "../model/model-builder.ts";
import { runModel } from "../model/run-model.ts";
import { isqrt } from "./shared/isqrt.ts";
import type { OperatorName } from "./table.ts";

type Tensor = { shape: number[]; data: TensorData };
type Output = { shape: number[]; zeroPoint?: number; dtype?: "int8" | "int32" };

const int8 = (shape: number[], data: number[]): Tensor => ({ shape, data: Int8Array.from(data) });
const row = (...data: number[]) => int8([data.length], data);
const signed = (output: Uint8Array) => [...new Int8Array(output)];
const shapeInvalid = expect.objectContaining({ code: "MODEL_SHAPE_INVALID" });

const backend = createWasmBackend();

/** One operator on x, whose elements may also be its second input. */
function apply(
  name: OperatorName,
  x: Tensor,
  rest: (Tensor | "x")[],
  output: Output,
  attributes: number[] = [],
  zeroPoint = 0,
): Uint8Array {
  const dtype = x.data instanceof Int32Array ? "int32" : "int8";
  const builder = createModelBuilder(x.shape, zeroPoint, dtype);
  const model = loadModel(
    builder.build(builder.add(name, [0, ...rest.map((tensor) => (tensor === "x" ? 0 : tensor))], output, attributes)),
  );
  const input = new Uint8Array(model.inputBytes);
  const view = new DataView(input.buffer);
  for (const [i, value] of x.data.entries()) dtype === "int32" ? view.setInt32(4 * i, value) : view.setInt8(i, value);
  const judged = runModel(model, input);
  expect(backend.load(model).run(input)).toEqual(judged);
  return judged;
}

const words = (output: Uint8Array) => Array.from({ length: output.length / 4 }, (_, i) => new DataView(output.buffer).getInt32(4 * i));

describe("MATMUL", () => {
  it("sums products of differences", () => {
    // x = [1 2; 3 4] with zero point 1: [0 1; 2 3]. Squared [2 3; 6 11]; times its transpose [1 3; 3 13]. Halved, halves up.
    const x = int8([2, 2], [1, 2, 3, 4]);
    const half = [2 ** 14, 1, -128, 127];
    expect(signed(apply("MATMUL", x, ["x"], { shape: [2, 2], zeroPoint: 5 }, [0, 2 ** 14, 1, -128, 127], 1))).toEqual(
      [2, 3, 6, 11].map((acc) => 5 + Math.floor(Math.floor(acc / 4) / 2 + 0.5)),
    );
    expect(signed(apply("MATMUL", x, ["x"], { shape: [2, 2] }, [1, ...half], 1))).toEqual(
      [1, 3, 3, 13].map((acc) => Math.floor(Math.floor(acc / 4) / 2 + 0.5)),
    );
  });

  it("never wraps at its largest inner dimension, and refuses a larger one", () => {
    const extreme = (k: number) => int8([1, k], new Array(k).fill(-128));
    const attributes = [1, 32_767, 23, -128, 127];
    // 32,767 * 255^2 = 2,130,674,175 < 2^31; times 32,767 / 2^39 = 126.99.
    expect(signed(apply("MATMUL", extreme(32_767), ["x"], { shape: [1, 1] }, attributes, 127))).toEqual([127]);
    expect(() => apply("MATMUL", extreme(32_768), ["x"], { shape: [1, 1] }, attributes, 127)).toThrowError(shapeInvalid);
  });
});

it("MUL multiplies differences, a row for all rows", () => {
  const x = int8([2, 2], [10, 20, -10, -20]);
  expect(signed(apply("MUL", x, [int8([1, 2], [4, -8])], { shape: [2, 2], zeroPoint: 1 }, [2 ** 14, 1, -128, 127]))).toEqual([
    6, -19, -4, 21,
  ]);
});

describe("SOFTMAX", () => {
  const halves = { shape: [256], data: Uint16Array.from({ length: 256 }, (_, i) => Math.floor(2 ** 15 / 2 ** i)) };

  it("shares 127", () => {
    // Weights 1/2, 1, 1/4: 127 * (2, 4, 1) / 7.
    expect(signed(apply("SOFTMAX", row(-1, 0, -2), [halves], { shape: [3] }, [0, 0], 7))).toEqual([36, 73, 18]);
  });

  it("of a causal row counts the first i + 1 + offset elements, whatever stands beyond", () => {
    const x = int8([3, 3], [0, 100, 100, 0, 0, 100, 0, 0, 0]);
    const y = { shape: [3, 3] };
    expect(signed(apply("SOFTMAX", x, [halves], y, [1, 0]))).toEqual([127, 0, 0, 64, 64, 0, 42, 42, 42]);
    expect(signed(apply("SOFTMAX", x, [halves], y, [1, 1]))).toEqual([0, 127, 0, 0, 0, 127, 42, 42, 42]);
  });

  it("is exact for the longest row of the largest table, and refuses a longer one, EXP[0] = 0, a causal vector", () => {
    const full = { shape: [256], data: new Uint16Array(256).fill(65_535) };
    const long = (k: number) => row(...new Array(k).fill(5));
    // 127 / 32,768 rounds to 0: (127 e + S / 2) / S with S = 32,768 e.
    expect(new Set(signed(apply("SOFTMAX", long(32_768), [full], { shape: [32_768] }, [0, 0])))).toEqual(new Set([0]));
    expect(() => apply("SOFTMAX", long(32_769), [full], { shape: [32_769] }, [0, 0])).toThrowError(shapeInvalid);
    const none = { shape: [256], data: new Uint16Array(256) };
    expect(() => apply("SOFTMAX", long(3), [none], { shape: [3] }, [0, 0])).toThrowError(shapeInvalid);
    expect(() => apply("SOFTMAX", long(3), [full], { shape: [3] }, [1, 0])).toThrowError(shapeInvalid);
    expect(() => apply("SOFTMAX", int8([1, 3], [1, 2, 3]), [full], { shape: [1, 3] }, [0, 1])).toThrowError(shapeInvalid);
  });
});

describe("LAYERNORM", () => {
  const gain = (k: number, g: number) => ({ shape: [k], data: new Int32Array(k).fill(g) });

  it("normalises a row", () => {
    // Mean 3, deviation sqrt(2): -1.414, -0.707, 0, 0.707, 1.414; times 2^14 / 2^16 * 2^22 / 2^15 = 32.
    const y = apply("LAYERNORM", row(1, 2, 3, 4, 5), [gain(5, 2 ** 14), gain(5, 0)], { shape: [5], zeroPoint: 1 }, [15, -128, 127]);
    expect(signed(y)).toEqual([-44, -22, 1, 24, 46]);
    const biased = apply("LAYERNORM", row(1, 2, 3, 4, 5), [gain(5, -(2 ** 14)), gain(5, 2 ** 16)], { shape: [5] }, [15, -128, 127]);
    expect(signed(biased)).toEqual([47, 25, 2, -21, -43]);
  });

  it("stays within 32 bits: the largest variance, and one that stands out of the longest row", () => {
    const sides = Array.from({ length: 32_768 }, (_, i) => (i % 2 === 0 ? 127 : -128));
    const scale = [15, -128, 127];
    const one = new Array(32_768).fill(-128);
    one[7] = 127;
    const of = (x: number[], g = 2 ** 14) =>
      signed(apply("LAYERNORM", row(...x), [gain(x.length, g), gain(x.length, 0)], { shape: [x.length] }, scale));
    expect(of(sides).slice(0, 2)).toEqual([32, -32]);
    // sqrt(32,767) deviations, halved by a smaller gain: 90.508.
    expect(of(one, 2 ** 8).slice(6, 8)).toEqual([0, 91]);
    // 1 / 32,768 of 128^2 is below 1: v is 0 and q 3, not 0.
    const slight = new Array(32_768).fill(0);
    slight[7] = 1;
    expect(of(slight, 2 ** 8).slice(6, 8)).toEqual([0, 85]);
    expect(of(new Array(9).fill(55))).toEqual(new Array(9).fill(0));
  });

  it("refuses a gain of 2^15", () => {
    const attempt = (g: number) => () => apply("LAYERNORM", row(1, 2), [gain(2, g), gain(2, 0)], { shape: [2] }, [15, -128, 127]);
    expect(attempt(-32_767)).not.toThrow();
    for (const g of [2 ** 15, -(2 ** 15)]) expect(attempt(g)).toThrowError(shapeInvalid);
  });
});

describe("RMSNORM", () => {
  it("divides by the root of the mean square", () => {
    // 3, -4 about zero point 2: squares 25, q = isqrt(25 * 64) = 40. U = sqrt(2) * 32 * 2^23: d * U / q / 2^20 = d / sqrt(25 / 2) * 32.
    const U = Math.round(Math.SQRT2 * 32 * 2 ** 23);
    expect(signed(apply("RMSNORM", row(5, -2), [], { shape: [2], zeroPoint: 1 }, [U | 0, 6, 20, -128, 127], 2))).toEqual([28, -35]);
    expect(signed(apply("RMSNORM", row(2, 2), [], { shape: [2], zeroPoint: 1 }, [U | 0, 6, 20, -128, 127], 2))).toEqual([1, 1]);
  });

  it("takes every multiplier and length within the bounds, and none beyond", () => {
    const attempt = (k: number, multiplier: number, e: number, r: number, zero: number) => () =>
      apply("RMSNORM", row(...new Array(k).fill(-128)), [], { shape: [k] }, [multiplier | 0, e, r, -128, 127], zero);
    expect(attempt(1, 2 ** 32 - 1, 2, 31, 0)).toThrowError(shapeInvalid);
    expect(attempt(1, 2 ** 32 - 1, 4, 30, 0)).not.toThrow();
    expect(attempt(1, 2 ** 31 - 2, 0, 1, 0)).not.toThrow();
    expect(attempt(1, 2 ** 31 - 1, 0, 1, 0)).toThrowError(shapeInvalid);
    expect(attempt(4095, 5, 6, 20, 0)).not.toThrow();
    expect(attempt(4096, 5, 6, 20, 0)).toThrowError(shapeInvalid);
    expect(attempt(32_768, 5, 0, 20, 127)).not.toThrow();
    expect(attempt(32_769, 5, 0, 20, 0)).toThrowError(shapeInvalid);
    expect(attempt(1, 5, 3, 20, 0)).toThrowError(shapeInvalid);
    // q is at least |d| 2^(e/2): the largest product is U / 2^(e/2), here of d = -128: -(2^31 - 2^23) / 2^24 = -127.5.
    expect(signed(attempt(1, 2 ** 31 - 2 ** 23 - 1, 0, 24, 0)())).toEqual([-127]);
  });

  it("takes the root of a u32 exactly", () => {
    for (const root of [0, 1, 2, 1000, 46_340, 46_341, 65_535])
      for (const a of [root * root - 1, root * root, (root + 1) ** 2 - 1].filter((x) => x >= 0 && x < 2 ** 32))
        expect([isqrt(a) ** 2 <= a, (isqrt(a) + 1) ** 2 > a]).toEqual([true, true]);
  });
});

describe("GATHER", () => {
  const table = int8([3, 2], [1, 2, 3, 4, 5, 6]);

  it("takes rows by int32, and the zero point where there is none", () => {
    const x = { shape: [5], data: Int32Array.from([2, 0, 3, -1, -(2 ** 31)]) };
    expect(signed(apply("GATHER", x, [table], { shape: [5, 2], zeroPoint: 9 }))).toEqual([5, 6, 1, 2, 9, 9, 9, 9, 9, 9]);
  });

  it("takes row x + 128 of int8", () => {
    expect(signed(apply("GATHER", row(-128, -126, -125, 127), [table], { shape: [4, 2] }))).toEqual([1, 2, 5, 6, 0, 0, 0, 0]);
  });
});

describe("moves", () => {
  const x = int8([2, 3], [1, 2, 3, 4, 5, 6]);

  it("CONCAT along an axis, activations and weights", () => {
    expect(signed(apply("CONCAT", x, [int8([2, 1], [7, 8]), "x"], { shape: [2, 7] }, [1]))).toEqual([
      1, 2, 3, 7, 1, 2, 3, 4, 5, 6, 8, 4, 5, 6,
    ]);
    expect(signed(apply("CONCAT", x, [int8([1, 3], [7, 8, 9])], { shape: [3, 3] }, [0]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(() => apply("CONCAT", x, [int8([1, 3], [7, 8, 9])], { shape: [3, 3], zeroPoint: 1 }, [0])).toThrowError(shapeInvalid);
    expect(() => apply("CONCAT", x, [], { shape: [2, 3] }, [0])).toThrowError(shapeInvalid);
  });

  it("SLICE by start and step, inside", () => {
    expect(signed(apply("SLICE", x, [], { shape: [1, 2] }, [1, 0, 1, 2]))).toEqual([4, 6]);
    expect(() => apply("SLICE", x, [], { shape: [1, 2] }, [1, 0, 1, 3])).toThrowError(shapeInvalid);
  });

  it("PAD with the zero point", () => {
    expect(signed(apply("PAD", x, [], { shape: [3, 5], zeroPoint: 9 }, [1, 1, 0, 1], 9))).toEqual([
      9, 9, 9, 9, 9, 9, 1, 2, 3, 9, 9, 4, 5, 6, 9,
    ]);
  });

  it("TRANSPOSE by a permutation", () => {
    expect(signed(apply("TRANSPOSE", x, [], { shape: [3, 2] }, [1, 0]))).toEqual([1, 4, 2, 5, 3, 6]);
    const cube = int8([2, 1, 3], [1, 2, 3, 4, 5, 6]);
    expect(signed(apply("TRANSPOSE", cube, [], { shape: [3, 2, 1] }, [2, 0, 1]))).toEqual([1, 4, 2, 5, 3, 6]);
    expect(() => apply("TRANSPOSE", x, [], { shape: [2, 3] }, [0, 0])).toThrowError(shapeInvalid);
  });
});

it("TOPK gives indices, the lowest first among equals", () => {
  expect(words(apply("TOPK", int8([2, 4], [3, 9, 9, -1, -128, 127, -128, -128]), [], { shape: [2, 3], dtype: "int32" }, [3]))).toEqual([
    1, 2, 0, 1, 0, 2,
  ]);
});

it("DENSE without scales gives its sums", () => {
  const weights = [int8([2, 2], [1, -1, 127, 127]), { shape: [2], data: Int32Array.from([5, -7]) }];
  expect(words(apply("DENSE", int8([2, 2], [100, -100, 1, 2]), weights, { shape: [2, 2], dtype: "int32" }, [], 1))).toEqual([
    205, -261, 4, 120,
  ]);
});
