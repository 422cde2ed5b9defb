/** A file of any kind that can be converted. */
import { fail } from "../errors.ts";
import { MAX_SOURCE_BYTES, readBounded } from "../limits.ts";
import { importOnnx } from "../onnx/import.ts";
import type { Imported } from "./imported.ts";

export function importSource(path: string, shape?: readonly number[]): Imported {
  const file = readBounded(path, MAX_SOURCE_BYTES, "CONVERT_SOURCE_INVALID");
  if (path.endsWith(".onnx")) return importOnnx(file, shape);
  return fail("CONVERT_SOURCE_INVALID", `${path}: a name that ends in .onnx is expected`);
}
