/** How sends of one batch reach the pool. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { PoolFace } from "../deps.ts";

/** In this order; for each its hash once it is accepted and durable. Rejects with TX_*, POOL_*. */
export type Accept = (raws: readonly Bytes[]) => readonly Promise<Hash>[];

/** Each when the one before is durable, or refused. */
export function oneByOne(pool: Pick<PoolFace, "add">): Accept {
  return (raws) => {
    let last: Promise<unknown> = Promise.resolve();
    return raws.map((raw) => {
      const accepted = last.then(() => pool.add(raw, "local"));
      last = accepted.catch(() => undefined);
      return accepted;
    });
  };
}
