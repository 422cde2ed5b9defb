/** NumPy's array file (NEP 1), as Python's tools write it: `numpy.save("x.npy", array)`. */
import { fail } from "../errors.ts";

export interface Numbers {
  shape: readonly number[];
  data: Float32Array;
  /** Of whole numbers of one byte, which need no scale. */
  bytes: boolean;
}

type Read = (view: DataView, at: number) => number;
const TYPES: Record<string, { bytes: number; read: Read }> = {
  "<f4": { bytes: 4, read: (v, at) => v.getFloat32(at, true) },
  "<f8": { bytes: 8, read: (v, at) => v.getFloat64(at, true) },
  "|u1": { bytes: 1, read: (v, at) => v.getUint8(at) },
  "|b1": { bytes: 1, read: (v, at) => v.getUint8(at) },
  "|i1": { bytes: 1, read: (v, at) => v.getInt8(at) },
  "<i2": { bytes: 2, read: (v, at) => v.getInt16(at, true) },
  "<u2": { bytes: 2, read: (v, at) => v.getUint16(at, true) },
  "<i4": { bytes: 4, read: (v, at) => v.getInt32(at, true) },
  "<i8": { bytes: 8, read: (v, at) => Number(v.getBigInt64(at, true)) },
};
const MAGIC = "\u0093NUMPY";
const MAX_HEADER_BYTES = 4096;

/** Throws CONVERT_DATA_INVALID. */
export function readNpy(file: Uint8Array, what: string): Numbers {
  const invalid = (why: string) => fail("CONVERT_DATA_INVALID", `${what}: ${why}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const text = (from: number, to: number) => Buffer.from(file.buffer, file.byteOffset + from, to - from).toString("latin1");
  if (file.length < 12 || text(0, 6) !== MAGIC) return invalid("no .npy file");
  const [length, from] = file[6] === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  if (length > MAX_HEADER_BYTES || from + length > file.length) return invalid(`a header of ${length} bytes`);
  const header = text(from, from + length);
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? "";
  const type = TYPES[descr];
  if (type === undefined) return invalid(`elements of type ${descr || "?"}: save float32, or whole numbers`);
  if (!/'fortran_order':\s*False/.test(header)) return invalid("in Fortran's order: save numpy.ascontiguousarray(x)");
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").flatMap((x) => (x.trim() === "" ? [] : [Number(x)]));
  const total = shape.reduce((product, dimension) => product * dimension, 1);
  if (from + length + total * type.bytes !== file.length) return invalid(`[${shape}] of ${descr} in ${file.length - from - length} bytes`);
  const data = new Float32Array(total);
  for (let i = 0; i < total; i++) data[i] = type.read(view, from + length + i * type.bytes);
  return { shape, data, bytes: descr === "|i1" };
}
