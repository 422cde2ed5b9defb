/** Transactions between nodes: what is accepted here is told to every node at once; each pool decides when it may batch it. */
import { isNoemaError } from "@noema/core/errors";
import type { Network } from "@noema/core/ports/network";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { MAX_TRANSACTION_BYTES } from "@noema/execution/transactions/decode";

const TOPIC = "transactions";
/** Codes that make the sender of a transaction faulty, and not just behind or ahead of us. */
const FAULTS = new Set(["TX_SIGNATURE_INVALID", "TX_CHAIN_ID", "TX_FIELD_INVALID", "RLP_INVALID"]);

/** Takes in what other nodes tell. */
export function receiveTransactions(network: Network, pool: Pool): void {
  network.onPublish(TOPIC, async (_from, raw) => {
    if (raw.length > MAX_TRANSACTION_BYTES) return { ok: false, code: "TX_TOO_LARGE", action: "reject" };
    try {
      await pool.add(raw.slice(), "peer");
      return { ok: true };
    } catch (error) {
      const code = isNoemaError(error) ? error.code : "POOL_REFUSED";
      return { ok: false, code, action: FAULTS.has(code) ? "reject" : "ignore" };
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
