/** From the pool to the thread that infers ahead: what may call a contract, all of a turn of the event loop together. Plain transfers cost a comparison. */
import type { Pool } from "@noema/execution/pool/pool-interface";
import { type Candidate, candidateOf } from "./candidates.ts";

export function watchPool(pool: Pick<Pool, "onAdded">, offer: (candidates: readonly Candidate[]) => void): void {
  let candidates: Candidate[] = [];
  pool.onAdded(({ tx, sender }) => {
    const candidate = candidateOf(tx, sender);
    if (candidate === undefined) return;
    if (candidates.length === 0)
      setImmediate(() => {
        offer(candidates);
        candidates = [];
      });
    candidates.push(candidate);
  });
}
