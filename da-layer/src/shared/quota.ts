/** At most twice a publisher's stake share of the lane's bytes in each window of 64 heights, so that nobody fills disks. */
import type { Height } from "@noema/core/ports/bytes";
import type { PublicKeyHex, ValidatorSet } from "@noema/core/ports/signing";
import { publicKeyAt } from "@noema/core/validator-index";
import { QUOTA_WINDOW } from "../limits.ts";

/** What a tiny batch costs: bounds the number of records, not only their bytes. */
const MIN_CHARGE = 4096;

export type Quota = {
  /** False when it would pass the limit; the bytes are counted only when true. */
  charge(set: ValidatorSet, publisher: number, bytes: number, height: Height): boolean;
};

export function createQuota(bytesPerBlock: number): Quota {
  let window = -1;
  /** By key: the window may lie across two epochs. */
  let used = new Map<PublicKeyHex, number>();
  return {
    charge(set, publisher, bytes, height) {
      const now = Math.floor(height / QUOTA_WINDOW);
      if (now !== window) {
        window = now;
        used = new Map();
      }
      const key = publicKeyAt(set, publisher);
      if (key === undefined) return false;
      const after = (used.get(key) ?? 0) + Math.max(bytes, MIN_CHARGE);
      if (BigInt(after) > quotaOf(set, publisher, bytesPerBlock)) return false;
      used.set(key, after);
      return true;
    },
  };
}

function quotaOf(set: ValidatorSet, publisher: number, bytesPerBlock: number): bigint {
  const weight = set.members[publisher]?.weight ?? 0n;
  return (2n * weight * BigInt(bytesPerBlock * QUOTA_WINDOW)) / set.total;
}
