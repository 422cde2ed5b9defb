import type { PooledTransaction, RpcDeps } from "../../deps.ts";

/** Listens to the pool once, for all filters and subscriptions; each stops by the function it gets. */
export type PendingFeed = (f: (added: PooledTransaction) => void) => () => void;

export function createPendingFeed(pool: RpcDeps["pool"]): PendingFeed {
  const listeners = new Set<(added: PooledTransaction) => void>();
  pool.onAdded((added) => {
    for (const listener of listeners) listener(added);
  });
  return (f) => {
    listeners.add(f);
    return () => void listeners.delete(f);
  };
}
