/**
 * What an operator costs, from shapes alone (inference.md section 5): a dense multiply-accumulate is 1 unit, a depthwise
 * one or an elementwise step 8 (a requantised result is one), a softmax's or norm's element 32, moved data 1 a byte; units are
 * counted on dimensions rounded up to the kernels' tile.
 */
export interface Work {
  /** Multiply-accumulates of the operator as written. */
  macs: number;
  units: number;
}

export const TILE = { m: 4, k: 8, n: 8 } as const;
const ELEMENTWISE = 8;
const NORM = 32;
/**
 * An operator's own cost beside its elements: finding its operands and entering its kernel takes about as long as 1,024
 * multiply-accumulates, and without it 4,096 operators on single elements would be nearly free.
 */
export const OPERATOR_UNITS = 1024;

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** m x k times k x n, requantised. */
export function denseWork(m: number, k: number, n: number): Work {
  return { macs: m * k * n, units: roundUp(m, TILE.m) * roundUp(n, TILE.n) * (roundUp(k, TILE.k) + ELEMENTWISE) };
}

/** `taps` multiply-accumulates for each of `positions` x `channels`, requantised. */
export function depthwiseWork(positions: number, taps: number, channels: number): Work {
  return { macs: positions * taps * channels, units: ELEMENTWISE * positions * (taps + 1) * roundUp(channels, TILE.n) };
}

/** `taps` steps for each of `positions` x `channels`. */
export function poolWork(positions: number, taps: number, channels: number): Work {
  return { macs: 0, units: ELEMENTWISE * positions * taps * roundUp(channels, TILE.n) };
}

export function elementwiseWork(elements: number): Work {
  return { macs: 0, units: ELEMENTWISE * roundUp(elements, TILE.n) };
}

/** `batch` times m x k times k x n, requantised; the right matrix is laid out for each. */
export function matmulWork({ batch, m, k, n }: { batch: number; m: number; k: number; n: number }): Work {
  const laidOut = ELEMENTWISE * roundUp(k, TILE.k) * roundUp(n, TILE.n);
  return { macs: batch * m * k * n, units: batch * (denseWork(m, k, n).units + laidOut) };
}

export function normWork(elements: number): Work {
  return { macs: 0, units: NORM * roundUp(elements, TILE.n) };
}

/** Rows of `width` bytes from anywhere in a table. */
export function gatherWork(rows: number, width: number): Work {
  return { macs: 0, units: rows * (ELEMENTWISE * TILE.n + width) };
}

/** Elements in another order, in `parts` runs of the kernel. */
export function moveWork(elements: number, parts = 1): Work {
  return { macs: 0, units: ELEMENTWISE * elements + OPERATOR_UNITS * (parts - 1) };
}

export function topkWork(rows: number, elements: number, k: number): Work {
  return { macs: 0, units: ELEMENTWISE * (2 * elements + rows * (256 + k)) };
}
