/**
 * The pool as everybody uses it: behind a closed gate it takes nothing in, from clients or peers, and gives nothing to an own
 * batch, since nonces and balances come from the state that is doubted. What it holds was told to every node before.
 */
import type { Pool } from "@noema/execution/pool/pool-interface";
import { type Gate, refusal } from "./gate.ts";

export function guardedPool(pool: Pool, gate: Gate): Pool {
  return {
    ...pool,
    async add(raw, origin) {
      const closed = gate.closed();
      if (closed !== undefined) throw refusal(closed);
      return pool.add(raw, origin);
    },
    take: (maxBytes, maxGas) => (gate.closed() === undefined ? pool.take(maxBytes, maxGas) : undefined),
  };
}
