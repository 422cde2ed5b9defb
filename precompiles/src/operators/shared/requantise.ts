/**
 * Accumulator to int8 (inference.md section 3): round-half-up of acc * M / 2^(16 + r), without 64-bit integers.
 * acc is int32, M in [0, 2^15), r in 1..31. t = floor(acc * M / 2^16) lies in [-2^30, 2^30), so nothing overflows.
 */
import type { Requantisation } from "./layer.ts";

export function scale(acc: number, multiplier: number, shift: number): number {
  return roundingShift(timesShifted(acc, multiplier), shift);
}

/** floor(acc * M / 2^16) mod 2^32, of M in (-2^15, 2^15): the product of the low half fits int32, so `>>` serves both signs. */
export function timesShifted(acc: number, multiplier: number): number {
  return (Math.imul(acc >> 16, multiplier) + (Math.imul(acc & 0xffff, multiplier) >> 16)) | 0;
}

/** (t + 2^(r-1)) >> r. */
export function roundingShift(t: number, shift: number): number {
  return ((t + (1 << (shift - 1))) | 0) >> shift;
}

export function clamp(value: number, lo: number, hi: number): number {
  return Math.max(lo, Math.min(hi, value));
}

export function requantise(acc: number, multiplier: number, { shift, lo, hi }: Requantisation, zeroPoint: number): number {
  return clamp((zeroPoint + scale(acc, multiplier, shift)) | 0, lo, hi);
}
