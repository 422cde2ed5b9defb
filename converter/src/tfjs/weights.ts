/** The weights of a model.json: `weightsManifest` says which shards there are and how tensors follow each other in them. */
import { fail } from "../errors.ts";
import { MAX_SOURCE_BYTES } from "../limits.ts";
import { type Constant, elementsOf } from "../source/constant.ts";
import { half } from "../source/half.ts";
import { type Fields, fieldsOf, listOf, numberOf, numbersOf, textOf } from "./json.ts";

/** Bytes of a shard, whose path is relative to model.json; at most `most`. */
export type ReadShard = (path: string, most: number) => Uint8Array;

type Read = { bytes: number; at(view: DataView, place: number): number };
const READS: Record<string, Read> = {
  bool: { bytes: 1, at: (view, place) => view.getUint8(place) },
  float16: { bytes: 2, at: (view, place) => half(view.getUint16(place, true)) },
  float32: { bytes: 4, at: (view, place) => view.getFloat32(place, true) },
  int32: { bytes: 4, at: (view, place) => view.getInt32(place, true) },
  uint16: { bytes: 2, at: (view, place) => view.getUint16(place, true) },
  uint8: { bytes: 1, at: (view, place) => view.getUint8(place) },
};

/** Throws CONVERT_SOURCE_INVALID, CONVERT_UNSUPPORTED. */
export function readWeights(manifest: unknown, read: ReadShard): Map<string, Constant> {
  const weights = new Map<string, Constant>();
  let left = MAX_SOURCE_BYTES;
  for (const group of listOf(manifest, "weightsManifest").map((x) => fieldsOf(x, "weightsManifest"))) {
    const shards = listOf(group.paths, "paths of weightsManifest").map((path) => {
      const shard = read(relative(textOf(path, "a path of weightsManifest")), left);
      left -= shard.length;
      return shard;
    });
    const bytes = Buffer.concat(shards);
    let from = 0;
    for (const entry of listOf(group.weights, "weights of weightsManifest")) {
      const { name, tensor, length } = readTensor(fieldsOf(entry, "a weight"), bytes, from);
      weights.set(name, tensor);
      from += length;
    }
    if (from !== bytes.length) fail("CONVERT_SOURCE_INVALID", `shards of ${bytes.length} bytes for weights of ${from}`);
  }
  return weights;
}

/** A shard lies beside model.json, or in a folder there. */
function relative(path: string): string {
  if (/^([/\\]|[a-z]+:)/i.test(path) || path.split(/[/\\]/).includes(".."))
    fail("CONVERT_SOURCE_INVALID", `the shard ${path} does not lie beside model.json: download it there`);
  return path;
}

function readTensor(entry: Fields, bytes: Buffer, from: number): { name: string; tensor: Constant; length: number } {
  const name = textOf(entry.name, "a weight's name");
  const dtype = textOf(entry.dtype, `dtype of ${name}`);
  const dims = numbersOf(entry.shape, `shape of ${name}`);
  const quantisation = entry.quantization === undefined ? undefined : fieldsOf(entry.quantization, `quantization of ${name}`);
  const stored = quantisation === undefined ? dtype : textOf(quantisation.dtype, `quantization of ${name}`);
  const type = Object.hasOwn(READS, stored) ? READS[stored]! : undefined;
  if (type === undefined || !["bool", "float32", "int32", "uint8"].includes(dtype))
    return fail("CONVERT_UNSUPPORTED", `weight ${name} is of type ${dtype}, stored as ${stored}: export weights of float32`);
  const total = elementsOf(dims, `weight ${name}`);
  const length = total * type.bytes;
  if (from + length > bytes.length) fail("CONVERT_SOURCE_INVALID", `weight ${name} ends after its shards' ${bytes.length} bytes`);
  const affine = quantisation !== undefined && stored !== "float16";
  const scale = affine ? numberOf(quantisation.scale, `scale of ${name}`) : 1;
  const min = affine ? numberOf(quantisation.min, `min of ${name}`) : 0;
  const float = dtype === "float32";
  const data = new (float ? Float32Array : Float64Array)(total);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < total; i++) {
    const x = type.at(view, from + i * type.bytes) * scale + min;
    data[i] = float ? x : Math.round(x);
  }
  return { name, tensor: { float, dims, data }, length };
}
