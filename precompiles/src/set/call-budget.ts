/** What a transaction has used so far. Not journalled: a reverted call did the work all the same, so it counts. */
import { MAX_UNITS_PER_TX } from "./gas.ts";

export interface CallBudget {
  beginTx(): void;
  isWarm(model: string): boolean;
  /** False when the transaction's cap does not allow it. */
  fits(units: number): boolean;
  spend(model: string, units: number): void;
}

export function createCallBudget(): CallBudget {
  const warm = new Set<string>();
  let used = 0;
  return {
    beginTx() {
      warm.clear();
      used = 0;
    },
    isWarm: (model) => warm.has(model),
    fits: (units) => used + units <= MAX_UNITS_PER_TX,
    spend(model, units) {
      warm.add(model);
      used += units;
    },
  };
}
