import { blockNumber } from "@noema/core/block-number";
import { isNoemaError } from "@noema/core/errors";
import type { BlockNumber } from "@noema/core/ports/bytes";
import type { RpcDeps } from "../deps.ts";

/** `pruned`: the state before it is gone, so it may have been so earlier. */
export type FirstBlock = { number: BlockNumber; pruned?: Error };

/** The first block after which something holds that, once it does, holds for good; by bisection. undefined: it does not hold at the newest. */
export async function firstBlockWhere(
  { chain }: Pick<RpcDeps, "chain">,
  holds: (number: BlockNumber) => Promise<boolean>,
): Promise<FirstBlock | undefined> {
  let [low, high]: [BlockNumber, BlockNumber] = [blockNumber(0), chain.tags().latest.number];
  let pruned: { number: BlockNumber; error: Error } | undefined;
  /** States that are gone count as before it. */
  const asked = async (number: BlockNumber) => {
    try {
      return await holds(number);
    } catch (error) {
      if (!isNoemaError(error, "STATE_PRUNED")) throw error;
      pruned = { number, error };
      return false;
    }
  };
  if (!(await asked(high))) return undefined;
  while (low < high) {
    const middle = blockNumber(Math.floor((low + high) / 2));
    if (await asked(middle)) high = middle;
    else low = blockNumber(middle + 1);
  }
  return pruned?.number === high - 1 ? { number: high, pruned: pruned.error } : { number: high };
}
