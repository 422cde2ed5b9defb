import type { ValidatorSet } from "@noema/core/ports/signing";

/** ceil(3R s_v / W), at most R: assignment.ts says why. */
export function slotCount(weight: bigint, total: bigint, R: number): number {
  const slots = Number((3n * BigInt(R) * weight + total - 1n) / total);
  return Math.min(slots, R);
}

/** N. */
export function totalSlots(set: ValidatorSet, R: number): number {
  return set.members.reduce((sum, m) => sum + slotCount(m.weight, set.total, R), 0);
}
