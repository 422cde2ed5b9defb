/**
 * What an operator costs, from shapes alone (inference.md section 5): a dense multiply-accumulate is 1 unit, a depthwise
 * one or an elementwise step 8 (a requantised result is one), moved data 1 a byte; units are counted on dimensions rounded
 * up to the kernels' tile.
 */
export interface Work {
  /** Multiply-accumulates of the operator as written. */
  macs: number;
  units: number;
}

const TILE = { m: 4, k: 8, n: 8 } as const;
const ELEMENTWISE = 8;

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
