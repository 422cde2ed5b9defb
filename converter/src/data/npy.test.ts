import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkFree } from "../commands/files.ts";
import { readBounded } from "../limits.ts";
import { writeNpy } from "../testing/write-npy.ts";
import { inputsOf } from "./inputs.ts";
import { readNpy } from "./npy.ts";

const invalid = expect.objectContaining({ code: "CONVERT_DATA_INVALID" });

it("what is written is read", () => {
  const data = Float32Array.of(1, -2.5, 3, 4, 5, 6);
  expect(readNpy(writeNpy([3, 2], data), "x")).toEqual({ shape: [3, 2], data, bytes: false });
  expect((writeNpy([3, 2], data).length - 24) % 64).toBe(0); // numpy aligns data to 64
});

it("as numpy 2 writes int8", () => {
  const header = "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }".padEnd(117, " ");
  const file = Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    118,
    0,
    ...new TextEncoder().encode(`${header}\n`),
    5,
    251,
  ]);
  expect(readNpy(file, "x")).toEqual({ shape: [2], data: Float32Array.of(5, -5), bytes: true });
});

describe("what is no array is refused", () => {
  const good = writeNpy([4], new Float32Array(4));
  it.each([
    ["nothing", new Uint8Array()],
    ["cut short", good.slice(0, -1)],
    ["a lying header", good.with(8, 255).with(9, 255)],
    ["another type", Uint8Array.from(good, (x) => (x === 0x66 ? 0x63 : x))],
  ])("%s", (_, file) => expect(() => readNpy(file, "x")).toThrow(invalid));
});

it("images come as their source has them, or as the model does", () => {
  const input = { value: { shape: [1, 2, 3], name: "x" }, dims: [1, 3, 1, 2], axes: [-1, 2, 0, 1] };
  const first = readNpy(writeNpy([1, 3, 1, 2], Float32Array.of(1, 2, 3, 4, 5, 6)), "x");
  expect(inputsOf(first, input, "x")).toEqual([Float32Array.of(1, 3, 5, 2, 4, 6)]);
  const last = readNpy(writeNpy([1, 1, 2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)), "x");
  expect(inputsOf(last, input, "x")).toEqual([Float32Array.of(1, 2, 3, 4, 5, 6)]);
  expect(() => inputsOf(readNpy(writeNpy([2, 4], new Float32Array(8)), "x"), input, "x")).toThrow(invalid);
});

it("files are bounded before they are read, and not overwritten", () => {
  const path = join(mkdtempSync(join(tmpdir(), "noema-")), "x");
  writeFileSync(path, new Uint8Array(11));
  expect(() => readBounded(path, 10, "CONVERT_SOURCE_INVALID")).toThrow(expect.objectContaining({ code: "CONVERT_SOURCE_INVALID" }));
  expect(() => checkFree([path], false)).toThrow(expect.objectContaining({ code: "CONVERT_OUTPUT_EXISTS" }));
  expect(() => checkFree([path], true)).not.toThrow();
});
