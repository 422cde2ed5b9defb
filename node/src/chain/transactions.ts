/** Transactions between nodes: what is accepted here is told to every node at once; each pool decides when it may batch it. */
import { isNoemaError } from "@noema/core/errors";
import type { Network } from "@noema/core/ports/network";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { MAX_TRANSACTION_BYTES } from "@noema/execution/transactions/decode";
import { refusal } from "@noema/execution/transactions/errors";
import { rowOf } from "../error-rows.ts";

const TOPIC = "transactions";

/** Takes in what other nodes tell. */
export function receiveTransactions(network: Network, pool: Pool): void {
  network.onPublish(TOPIC, async (_from, raw) => {
    if (raw.length > MAX_TRANSACTION_BYTES) return refusal("TX_TOO_LARGE");
    try {
      await pool.add(raw.slice(), "peer");
      return { ok: true };
    } catch (error) {
      if (!isNoemaError(error)) throw error;
      // where the row says nothing of the peer, it may just be behind or ahead of us
      return { ok: false, code: error.code, action: rowOf(error.code)?.peer ?? "ignore" };
    }
  });
}

/** The pool as clients use it: what it accepts from them is told to the other nodes. */
export function sharingPool(pool: Pool, network: Network): Pool {
  return {
    ...pool,
    async add(raw, origin) {
      const hash = await pool.add(raw, origin);
      network.publish(TOPIC, pool.get(hash)?.tx.raw ?? raw); // what goes on chain: a blob sidecar stays here
      return hash;
    },
  };
}
