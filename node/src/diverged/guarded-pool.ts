/**
 * The pool as everybody uses it: behind a closed gate it takes nothing in, from clients or peers, and gives nothing to an own
 * batch, since nonces and balances come from the state that is doubted. What clients sent was told to its home before, and is to every node a second later.
 */
import { addOne } from "@noema/execution/pool/add-one";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { type Gate, refusal } from "./gate.ts";

export function guardedPool(pool: Pool, gate: Gate): Pool {
  const addAll: Pool["addAll"] = async (raws, origin) => {
    const closed = gate.closed();
    return closed === undefined ? pool.addAll(raws, origin) : raws.map(() => ({ error: refusal(closed) }));
  };
  return {
    ...pool,
    addAll,
    add: (raw, origin) => addOne(addAll, raw, origin),
    take: (maxBytes, maxGas) => (gate.closed() === undefined ? pool.take(maxBytes, maxGas) : undefined),
  };
}
