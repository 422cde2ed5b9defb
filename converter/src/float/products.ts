/** Products of matrices in floats, by WebAssembly: what a float judge spends its time on. */
import { webAssembly } from "@noema/precompiles/kernels/webassembly";
import { FLOAT_WASM } from "./generated/float-wasm.ts";

type Gemm = (m: number, n: number, k: number, a: number, b: number, c: number) => void;

const PAGE = 65_536;
/** What the module's own data takes. */
const BASE = 4096;
/** Rows of the result that are computed at once, in elements of their inputs. */
const CHUNK = 2 ** 19;

const memory = new webAssembly.Memory({ initial: 1, maximum: 65_536 }) as unknown as { buffer: ArrayBuffer; grow(pages: number): void };
const instance = new webAssembly.Instance(new webAssembly.Module(Buffer.from(FLOAT_WASM, "base64")), { env: { memory } });
const { gemm } = instance.exports as { gemm: Gemm };
const packed = new WeakMap<Float32Array, Float32Array>();

const roundUp = (n: number) => Math.ceil(n / 8) * 8;

/** b [n][k] as [k][n], n filled up to eights. */
function packedOf(b: Float32Array, n: number, k: number): Float32Array {
  const known = packed.get(b);
  if (known !== undefined) return known;
  const width = roundUp(n);
  const out = new Float32Array(k * width);
  for (let i = 0; i < n; i++) for (let j = 0; j < k; j++) out[j * width + i] = b[i * k + j]!;
  packed.set(b, out);
  return out;
}

/** out[m][n] = bias[n] + sum over k of a[m][k] * b[n][k]. */
export function product(out: Float32Array, a: Float32Array, b: Float32Array, bias: Float32Array, m: number, n: number, k: number): void {
  const weights = packedOf(b, n, k);
  const width = roundUp(n);
  const rows = Math.max(4, Math.min(m, Math.floor(CHUNK / Math.max(k, width))));
  const [atB, atA] = [BASE, BASE + 4 * weights.length];
  const atC = atA + 16 * Math.ceil((rows * k) / 4);
  const bytes = atC + 4 * rows * width;
  if (bytes > memory.buffer.byteLength) memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE));
  new Float32Array(memory.buffer, atB, weights.length).set(weights);
  const c = new Float32Array(memory.buffer, atC, rows * width);
  for (let from = 0; from < m; from += rows) {
    const here = Math.min(rows, m - from);
    new Float32Array(memory.buffer, atA, here * k).set(a.subarray(from * k, (from + here) * k));
    for (let i = 0; i < here; i++) c.set(bias, i * width);
    gemm(here, width, k, atA, atB, atC);
    for (let i = 0; i < here; i++) out.set(c.subarray(i * width, i * width + n), (from + i) * n);
  }
}
