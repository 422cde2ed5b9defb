import { readFileSync, writeFileSync } from "node:fs";
import { to0x, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWasmBackend } from "../backend/wasm-backend.ts";
import { errors } from "../errors.ts";
import { loadModel } from "../model/load.ts";
import { createModelBuilder } from "../model/model-builder.ts";
import { runModel } from "../model/run-model.ts";
import { digitModelFile, digitReport } from "../testing/digit-model.ts";
import { smallModel } from "../testing/small-model.ts";
import { decodeModel } from "./decode.ts";
import { encodeModel } from "./encode.ts";
import { MAX_ACTIVATION_BYTES } from "./limits.ts";

const GOLDEN = new URL("../../fixtures/small.nmodel.json", import.meta.url);
const code = (expected: keyof typeof errors) => expect.objectContaining({ code: expected });

/** The file with one little-endian word replaced. */
function patched(file: Uint8Array, at: number, value: number): Uint8Array {
  const copy = file.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
}

describe(".nmodel", () => {
  it("has the golden bytes, id and output (UPDATE_GOLDEN=1 rewrites them)", () => {
    const file = smallModel();
    const model = loadModel(file);
    const input = Uint8Array.from({ length: model.inputBytes }, (_, i) => (i * 29) & 255);
    const actual = {
      file: toHex(file),
      modelId: to0x(model.id),
      macs: model.macs,
      units: model.units,
      output: toHex(runModel(model, input)),
    };
    if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, `${JSON.stringify(actual, null, 2)}\n`);
    expect(actual).toEqual(JSON.parse(readFileSync(GOLDEN, "utf8")));
  });

  it("is the digit model's format, and its id is the one in the report", () => {
    const file = digitModelFile();
    expect(to0x(loadModel(file).id)).toBe(digitReport().modelId);
    expect(toHex(encodeModel(decodeModel(file)))).toBe(toHex(file));
  });

  it("refuses each departure from the one encoding", () => {
    const file = smallModel();
    const last = file.length - 1;
    expect(() => decodeModel(file.subarray(0, last))).toThrowError(code("MODEL_ENCODING_INVALID"));
    expect(() => decodeModel(new Uint8Array(0))).toThrowError(code("MODEL_ENCODING_INVALID"));
    expect(() => decodeModel(patched(file, 0, 0))).toThrowError(code("MODEL_ENCODING_INVALID"));
    expect(() => decodeModel(patched(file, 4, 2))).toThrowError(code("MODEL_VERSION_UNSUPPORTED"));
    expect(() => decodeModel(patched(file, 20, 4097))).toThrowError(code("MODEL_LIMIT_EXCEEDED"));
    expect(() => decodeModel(patched(file, 20, 3))).toThrowError(code("MODEL_ENCODING_INVALID"));
    expect(() => decodeModel(patched(file, 28, 0))).toThrowError(code("MODEL_ENCODING_INVALID"));
    const padded = file.slice();
    padded[last] = 1;
    expect(() => decodeModel(padded)).toThrowError(code("MODEL_ENCODING_INVALID"));
  });

  it("refuses sizes over the limits before it allocates", () => {
    const side = 2 ** 16;
    const huge = createModelBuilder([side, side, side, side]);
    expect(() => decodeModel(huge.build(huge.add("RESHAPE", [0], { shape: [1] })))).toThrowError(code("MODEL_LIMIT_EXCEEDED"));
    const wide = createModelBuilder([side + 1]);
    expect(() => decodeModel(wide.build(wide.add("RESHAPE", [0], { shape: [1] })))).toThrowError(code("MODEL_LIMIT_EXCEEDED"));
    const fits = createModelBuilder([MAX_ACTIVATION_BYTES / side / 2, side]);
    const full = fits.add("RESHAPE", [0], { shape: [side, MAX_ACTIVATION_BYTES / side / 2] });
    expect(() => loadModel(fits.build(full))).not.toThrow();
    expect(() => loadModel(fits.build(fits.add("RESHAPE", [full], { shape: [1] })))).toThrowError(code("MODEL_LIMIT_EXCEEDED"));
  });

  it("refuses an operator that is none", () => {
    const model = decodeModel(smallModel());
    const operators = model.operators.map((operator) => ({ ...operator, code: 999 }));
    expect(() => loadModel(encodeModel({ ...model, operators }))).toThrowError(code("MODEL_OPERATOR_UNSUPPORTED"));
  });

  it("refuses tensors and attributes that do not fit", () => {
    const model = decodeModel(smallModel());
    const withAttributes = (attributes: number[]) => {
      const operators = model.operators.map((operator, i) => (i === 0 ? { ...operator, attributes } : operator));
      return () => loadModel(encodeModel({ ...model, operators }));
    };
    expect(withAttributes([1, 1, 1, 1, 1, 1, 8, -128, 127])).not.toThrow();
    for (const wrong of [
      [1, 1, 1, 1, 1, 1, 0, -128, 127],
      [1, 1, 1, 1, 1, 1, 32, -128, 127],
      [1, 1, 1, 1, 1, 1, 8, 5, 4],
      [0, 1, 1, 1, 1, 1, 8, -128, 127],
      [2, 1, 1, 1, 1, 1, 8, -128, 127],
      [1, 1, 3, 1, 1, 1, 8, -128, 127],
      [1, 1, 1, 1, 1, 1, 8, -128],
    ])
      expect(withAttributes(wrong)).toThrowError(code("MODEL_SHAPE_INVALID"));
  });
});

describe("fuzz", () => {
  const backend = createWasmBackend();
  const file = smallModel();

  it("bytes from outside give a model or a typed error, and a model runs the same on both", () => {
    const edits = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(edits, (changes) => {
        const mutated = file.slice();
        for (const [at, value] of changes) mutated[at] = value;
        try {
          const model = loadModel(mutated);
          expect(toHex(encodeModel(model.model))).toBe(toHex(mutated));
          const input = new Uint8Array(model.inputBytes).fill(7);
          expect(toHex(backend.load(model).run(input))).toBe(toHex(runModel(model, input)));
        } catch (error) {
          if (!isNoemaError(error) || !Object.hasOwn(errors, error.code)) throw error;
        }
      }),
      { numRuns: 1500, seed: 11 },
    );
  });

  it("random bytes and cut files give a typed error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(file.length - 1), (bytes, cut) => {
        for (const broken of [bytes, file.subarray(0, cut), new Uint8Array([...file.subarray(0, 32), ...bytes])])
          expect(() => loadModel(broken)).toThrowError(expect.objectContaining({ name: "NoemaError" }));
      }),
      { numRuns: 300, seed: 12 },
    );
  });
});
