/** Operators on rows (the last dimension) and products of two results, in floats. */
import type { Op, Shape } from "../ir/graph.ts";

const rowsOf = (data: Float32Array, k: number) => Array.from({ length: data.length / k }, (_, i) => data.subarray(i * k, (i + 1) * k));

export function softmax(y: Float32Array, x: Float32Array, shape: Shape, causal: boolean): void {
  const k = shape.at(-1)!;
  const queries = shape.at(-2) ?? 1;
  for (const [row, values] of rowsOf(x, k).entries()) {
    const length = causal ? Math.min(k, (row % queries) + 1) : k;
    const top = values.subarray(0, length).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (let i = 0; i < length; i++) sum += Math.exp(values[i]! - top);
    for (let i = 0; i < length; i++) y[row * k + i] = Math.exp(values[i]! - top) / sum;
  }
}

export function layernorm(op: Extract<Op, { kind: "layernorm" }>, y: Float32Array, x: Float32Array, k: number): void {
  for (const [row, values] of rowsOf(x, k).entries()) {
    const mean = values.reduce((a, b) => a + b, 0) / k;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / k;
    const factor = 1 / Math.sqrt(variance + op.epsilon);
    for (let i = 0; i < k; i++) y[row * k + i] = (values[i]! - mean) * factor * op.scale[i]! + op.shift[i]!;
  }
}

export function rmsnorm(epsilon: number, y: Float32Array, x: Float32Array, k: number): void {
  for (const [row, values] of rowsOf(x, k).entries()) {
    const factor = 1 / Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / k + epsilon);
    for (let i = 0; i < k; i++) y[row * k + i] = values[i]! * factor;
  }
}

/** Indices of the largest, the lowest of equals first. */
export function best(y: Float32Array, x: Float32Array, k: number, wanted: number): void {
  for (const [row, values] of rowsOf(x, k).entries()) {
    const order = Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
    for (let i = 0; i < wanted; i++) y[row * wanted + i] = order[i]!;
  }
}

export function matmul(y: Float32Array, a: Float32Array, b: Float32Array, [m, k, n]: Shape, transposed: boolean, factor: number): void {
  const matrices = a.length / (m! * k!);
  for (let matrix = 0; matrix < matrices; matrix++)
    for (let i = 0; i < m!; i++)
      for (let j = 0; j < n!; j++) {
        let sum = 0;
        for (let c = 0; c < k!; c++) sum += a[(matrix * m! + i) * k! + c]! * b[matrix * k! * n! + (transposed ? j * k! + c : c * n! + j)]!;
        y[(matrix * m! + i) * n! + j] = sum * factor;
      }
}
