import { type Genesis, genesisValidatorSet } from "@noema/core/genesis";
import type { ValidatorSet } from "@noema/core/ports/signing";

/** Genesis names the validators of every epoch until staking can change them. */
export function createValidatorSets(genesis: Genesis): (epoch: number) => ValidatorSet {
  const first = genesisValidatorSet(genesis, 0);
  return (epoch) => ({ ...first, epoch });
}
