import { createBoundedMap } from "@noema/core/bounded";
import { type Genesis, genesisValidatorSet } from "@noema/core/genesis";
import type { ValidatorSet } from "@noema/core/ports/signing";

/** Far more than are asked for in one go; peers name epochs, so there must be a bound. */
const KEPT = 64;

/** Genesis names the validators of every epoch until staking can change them. One object an epoch. */
export function createValidatorSets(genesis: Genesis): (epoch: number) => ValidatorSet {
  const first = genesisValidatorSet(genesis, 0);
  const sets = createBoundedMap<number, ValidatorSet>(KEPT);
  return (epoch) => {
    const known = sets.get(epoch);
    if (known !== undefined) return known;
    const set = { ...first, epoch };
    sets.set(epoch, set);
    return set;
  };
}
