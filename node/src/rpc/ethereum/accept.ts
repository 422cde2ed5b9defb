/** How sends of one batch reach the pool. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { PoolFace } from "../deps.ts";

/** In this order: the hash of each that is accepted and durable, else TX_*, POOL_*. */
export type Accept = (raws: readonly Bytes[]) => Promise<readonly ({ hash: Hash } | { error: unknown })[]>;

/** Each when the one before is durable, or refused. */
export function oneByOne(pool: Pick<PoolFace, "add">): Accept {
  return async (raws) => {
    const outcomes: Awaited<ReturnType<Accept>>[number][] = [];
    for (const raw of raws)
      outcomes.push(
        await pool.add(raw, "local").then(
          (hash) => ({ hash }),
          (error: unknown) => ({ error }),
        ),
      );
    return outcomes;
  };
}
