/** Which headers can still be signed or included (consensus.md 2.4): refHeight < h <= refHeight + K, epoch of h or the one before. */
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import type { Height } from "@noema/core/ports/bytes";
import type { AvailabilityHeader } from "@noema/core/ports/data";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { daError } from "../errors.ts";
import { MAX_HEIGHT_AHEAD } from "../limits.ts";

export type Chain = {
  /** The set of the current epoch. */
  validatorSet(): ValidatorSet;
  validatorSetOf(epoch: number): ValidatorSet | undefined;
  finalizedHeight(): Height;
  /** The first epoch of which no header can have been signed here before; undefined: not known yet. Default: the one after next. */
  untouchedEpoch?(): number | undefined;
};

/** Can stand in the block after the finalized one. */
export function isIncludable(header: AvailabilityHeader, chain: Chain): boolean {
  const next = chain.finalizedHeight() + 1;
  const epoch = chain.validatorSet().epoch;
  return header.refHeight < next && next <= header.refHeight + INCLUSION_WINDOW && (header.epoch === epoch || header.epoch === epoch - 1);
}

/** Will never be includable again. */
export function isExpired(header: AvailabilityHeader, chain: Chain): boolean {
  return chain.finalizedHeight() + 1 > header.refHeight + INCLUSION_WINDOW || chain.validatorSet().epoch > header.epoch + 1;
}

/** The set whose signatures the header needs; throws DA_BATCH_STALE when it lies outside the signable window. */
export function signableSet(header: AvailabilityHeader, chain: Chain): ValidatorSet {
  const current = chain.validatorSet().epoch;
  const height = chain.finalizedHeight();
  const set = Math.abs(header.epoch - current) <= 1 ? chain.validatorSetOf(header.epoch) : undefined;
  if (set === undefined || isExpired(header, chain) || header.refHeight > height + MAX_HEIGHT_AHEAD)
    throw daError(
      "DA_BATCH_STALE",
      `epoch ${header.epoch}, reference height ${header.refHeight}; here epoch ${current}, height ${height}, window ${INCLUSION_WINDOW}`,
    );
  return set;
}
