import type { Height } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";

/** Where the chain stands, for the layers beside consensus. */
export type ChainPosition = {
  finalizedHeight(): Height;
  /** Of the next block. */
  epoch(): number;
  validatorSet(): ValidatorSet;
  validatorSetOf(epoch: number): ValidatorSet;
  advance(height: Height): void;
};

export function createChainPosition(start: Height, epochLength: number, setOf: (epoch: number) => ValidatorSet): ChainPosition {
  let height = start;
  const epoch = () => Math.floor(height / epochLength);
  return {
    finalizedHeight: () => height,
    epoch,
    validatorSet: () => setOf(epoch()),
    validatorSetOf: setOf,
    advance: (to) => {
      height = Math.max(height, to);
    },
  };
}
