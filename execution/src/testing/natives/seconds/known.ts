/** Inputs whose result is known by how they were made; what else comes, the library is asked. */

import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import type { Computed } from "../../../engine/natives/outcome.ts";
import { fails, outcome } from "../../../engine/natives/outcome.ts";
import type { Inputs } from "../inputs.ts";
import type { Precompile } from "../reference.ts";

export type Second = { reference: Precompile; make: Inputs };
/** `computed` is absent where only the library knows: of inputs that it should refuse before it computes anything long. */
export type Known = { data: Bytes; computed?: Computed };

/** Asked for the gas only of what is known, of the length in bytes. The reference speaks of what was made last. */
export function secondByAlgebra(next: () => Known, gas: (length: number) => bigint | Promise<bigint>, library: Precompile): Second {
  let last: Known;
  return {
    make() {
      last = next();
      return last.data;
    },
    async reference(input) {
      if (last.computed === undefined) return library(input);
      const price = await gas(input.data.length);
      return input.gasLimit < price ? fails(input.gasLimit, "OUT_OF_GAS") : outcome(price, input.gasLimit, last.computed);
    },
  };
}

/** 0 to 7, the more the rarer: time grows with them. */
export function few(random: SeededRandom): number {
  return Math.min(random.integer(8), random.integer(8), random.integer(8));
}
