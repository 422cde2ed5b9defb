/**
 * What an operator costs, from shapes alone (inference.md section 5): a dense multiply-accumulate is 1 unit, a depthwise
 * one or an elementwise step 8, a softmax's or norm's element 32, a moved byte 16, one that stays in order 1; units are counted on
 * dimensions rounded up to the kernels' tile.
 */
export interface Work {
  /** Multiply-accumulates of the operator as written. */
  macs: number;
  units: number;
}

export const TILE = { k: 8, n: 8 } as const;
const ELEMENTWISE = 8;
const NORM = 32;
const MOVED = 16;
/** A run of neighbours begins: at hand, or where neither cache nor page table may know it. */
export const RUN = 64;
const NEAR = 256;
const FAR = 2048;
/**
 * An operator's own cost beside its elements: finding its operands and entering its kernel takes about as long as 1,024
 * multiply-accumulates, and without it 4,096 operators on single elements would be nearly free.
 */
export const OPERATOR_UNITS = 1024;

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Of m x k times k x n. */
export interface Product {
  m: number;
  k: number;
  n: number;
}

/**
 * m x k times k x n. A row more than there are, for the weights that are read; 16 steps more than there are, for the row that is
 * laid out and the result.
 */
export function denseWork({ m, k, n }: Product, runs = m * RUN): Work {
  return { macs: m * k * n, units: (m + 1) * roundUp(n, TILE.n) * (roundUp(k, TILE.k) + 16) + runs };
}

/** `batch` times; the right matrix is laid out anew for every 64 rows. */
export function matmulWork({ batch, m, k, n }: Product & { batch: number }): Work {
  const rows = m + ELEMENTWISE * Math.ceil(m / 64);
  return { macs: batch * m * k * n, units: batch * rows * roundUp(n, TILE.n) * (roundUp(k, TILE.k) + 16) };
}

type Slide = { kernelY: number; kernelX: number; strideX: number };

/** What beginning the rows of the windows at `positions` takes: `near`, unless pixels are skipped; then each may lie far from the last. */
export function runsOf(positions: number, { kernelY, kernelX, strideX }: Slide, near = 0): number {
  return positions * kernelY * (strideX > kernelX ? FAR : near);
}

/** `taps` multiply-accumulates for each of `positions` x `channels`, requantised; each tap's pixel is found once for all channels. */
export function depthwiseWork(positions: number, taps: number, channels: number, runs: number): Work {
  const { units } = poolWork(positions, taps, channels, runs);
  return { macs: positions * taps * channels, units: units + 16 * positions * taps };
}

/** `taps` steps for each of `positions` x `channels`, and a result. */
export function poolWork(positions: number, taps: number, channels: number, runs: number): Work {
  return { macs: 0, units: ELEMENTWISE * positions * (taps + 1) * roundUp(channels, TILE.n) + runs };
}

export function elementwiseWork(elements: number): Work {
  return rowsWork(1, elements);
}

/** Steps on rows of `length`. */
export function rowsWork(rows: number, length: number, step = ELEMENTWISE): Work {
  return { macs: 0, units: step * rows * (roundUp(length, TILE.n) + TILE.n) };
}

/** Softmax and norms: sums of each row come first. */
export function normWork(rows: number, length: number): Work {
  return rowsWork(rows, length, NORM);
}

/** Rows of `width` bytes from anywhere in a table. */
export function gatherWork(rows: number, width: number): Work {
  return { macs: 0, units: rows * (FAR + 2 * width) };
}

/** Bytes in runs, each beginning near the last or far from it. */
export function moveWork(bytes: number, { near, far }: { near: number; far: number }): Work {
  return { macs: 0, units: MOVED * bytes + NEAR * near + FAR * far };
}

/** Bytes that all come near one another, in another order. */
export function turnWork(bytes: number): Work {
  return { macs: 0, units: 4 * MOVED * bytes };
}

/** Counted by value, of which there are 256. */
export function topkWork(rows: number, width: number, k: number): Work {
  return { macs: 0, units: rows * (48 * width + 16 * k + 16 * 256) };
}
