/** Transactions that this node hears of in another validator's batch first: offered once the batch is checked, before it is ordered. */
import type { PayloadChecker } from "@noema/core/ports/data";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { type Candidate, candidateOf } from "./candidates.ts";

/** Bytes: above any plain transfer, whatever its fees. Call data of less than some 20 bytes is computed in its block. */
const LEAST_BYTES = 150;

export type WatchedChecker = { checker: PayloadChecker; onHeard(f: (candidates: readonly Candidate[]) => void): void };

export function watchBatches(checker: PayloadChecker, pool: Pick<Pool, "get">): WatchedChecker {
  const listeners: ((candidates: readonly Candidate[]) => void)[] = [];
  return {
    onHeard: (f) => void listeners.push(f),
    checker: {
      async check(raws) {
        const checked = await checker.check(raws);
        if ("invalid" in checked || listeners.length === 0) return checked;
        const candidates = raws.flatMap((raw, i) => {
          const [hash, sender] = [checked.hashes[i], checked.senders[i]];
          if (raw.length < LEAST_BYTES || hash === undefined || sender === undefined || pool.get(hash) !== undefined) return [];
          return candidateOf(decodeTransaction(raw, hash), sender) ?? [];
        });
        if (candidates.length > 0) for (const f of listeners) f(candidates);
        return checked;
      },
    },
  };
}
