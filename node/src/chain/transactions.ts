/** Transactions between nodes: what is accepted here is told to every node at once; each pool decides when it may batch it. */
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Network } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { addOne } from "@noema/execution/pool/add-one";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { MAX_TRANSACTION_BYTES } from "@noema/execution/transactions/decode";
import { refusal } from "@noema/execution/transactions/errors";
import { rowOf } from "../error-rows.ts";
import { nodeError } from "../errors.ts";

const TOPIC = "transactions";
/** More than the network remembers a message. */
const RETELL_MS = 30_000;
/** Told again in one go: a block of transfers has 1,400. */
const RETOLD = 1_500;

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

/** Of a node that batches nothing: what a client sends is taken only while a validator hears of it, else NO_VALIDATOR_CONNECTED. */
export function forwardingPool(pool: Pool, network: Network, isValidator: (publicKey: PublicKeyHex) => boolean): Pool {
  const addAll: Pool["addAll"] = async (raws, origin) => {
    const heard = network.peers().some(({ publicKey }) => publicKey !== undefined && isValidator(publicKey));
    if (origin === "peer" || heard) return pool.addAll(raws, origin);
    return raws.map(() => ({ error: nodeError("NO_VALIDATOR_CONNECTED", "this node only follows, and is connected to no validator") }));
  };
  return { ...pool, addAll, add: (raw, origin) => addOne(addAll, raw, origin) };
}

/** The pool as clients use it: what it accepts from them is told to the other nodes. */
export function sharingPool(pool: Pool, network: Network): Pool {
  const addAll: Pool["addAll"] = async (raws, origin) => {
    const outcomes = await pool.addAll(raws, origin);
    for (const [i, x] of outcomes.entries()) if ("hash" in x) network.publish(TOPIC, pool.get(x.hash)?.tx.raw ?? (raws[i] as Bytes)); // what goes on chain: a blob sidecar stays here
    return outcomes;
  };
  return { ...pool, addAll, add: (raw, origin) => addOne(addAll, raw, origin) };
}

/**
 * Of a node that batches nothing: what waits long is told again, since validators do not remember over a restart what peers told them, and
 * may have had no room for it. Returns what stops it.
 */
export function retellTransactions(pool: Pool, network: Network, clock: Clock): () => void {
  let cancel = () => {};
  const plan = () => {
    cancel = clock.after(RETELL_MS, tell);
  };
  function tell(): void {
    const { pending, queued } = pool.content();
    const old = [...pending, ...queued].filter(({ seenMs }) => clock.nowMs() - seenMs >= RETELL_MS);
    for (const { tx } of old.slice(0, RETOLD)) network.publish(TOPIC, tx.raw);
    plan();
  }
  plan();
  return () => cancel();
}
