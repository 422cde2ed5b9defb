const MAGIC = "\u0093NUMPY";

/** An array of float32 as NumPy writes it. */
export function writeNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const padded = header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11, " ");
  const out = new Uint8Array(11 + padded.length + 4 * data.length);
  out.set(Uint8Array.from(`${MAGIC}\u0001\u0000`, (c) => c.charCodeAt(0)));
  new DataView(out.buffer).setUint16(8, padded.length + 1, true);
  out.set(new TextEncoder().encode(`${padded}\n`), 10);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 11 + padded.length);
  return out;
}
