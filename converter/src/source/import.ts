/** A file of any kind that can be converted. */
import { dirname, join } from "node:path";
import { fail } from "../errors.ts";
import { MAX_SOURCE_BYTES, readBounded } from "../limits.ts";
import { importOnnx } from "../onnx/import.ts";
import { importTfjs } from "../tfjs/import.ts";
import type { Imported } from "./imported.ts";

/** A model.json without its weights: a graph of 4,000 nodes takes 3 MB. */
const MAX_JSON_BYTES = 32 * 2 ** 20;

export function importSource(path: string, shape?: readonly number[]): Imported {
  if (path.endsWith(".onnx")) return importOnnx(readBounded(path, MAX_SOURCE_BYTES, "CONVERT_SOURCE_INVALID"), shape);
  if (!path.endsWith(".json"))
    return fail("CONVERT_SOURCE_INVALID", `${path}: a name that ends in .onnx, or in .json for tfjs, is expected`);
  const file = readBounded(path, MAX_JSON_BYTES, "CONVERT_SOURCE_INVALID");
  const shard = (name: string, most: number) => readBounded(join(dirname(path), name), most, "CONVERT_SOURCE_INVALID");
  return importTfjs(file, shard, shape);
}
