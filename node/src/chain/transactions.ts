/** Transactions of other nodes: how the pool takes them in, and what a node does that batches nothing. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Network, Peer, Verdict } from "@noema/core/ports/network";
import type { Sidecars } from "@noema/core/ports/sidecars";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { addOne } from "@noema/execution/pool/add-one";
import type { AddOutcome, Pool } from "@noema/execution/pool/pool-interface";
import { blobHashesOf } from "@noema/execution/transactions/network-form";
import { rowOf } from "../error-rows.ts";
import { nodeError } from "../errors.ts";
import { refusal } from "../p2p/errors.ts";
import { FOR_ALL, FOR_THE_HOME, packTransactions, unpackTransactions } from "./transaction-frames.ts";

/** More than the network remembers a message. */
const RETELL_MS = 30_000;
/** Told again in one go: a block of transfers has 1,400. */
const RETOLD = 1_500;

/** Transactions that wait for their blobs; what comes above them is told again by whoever has it, or stands in a batch. */
const MAX_WAITING = 64;

/**
 * Takes in what other nodes tell, a frame in each turn of the event loop: frames of votes are read between two of them. What only lacks its
 * blobs is asked for those, of whoever told it first, and comes again with them.
 */
export function receiveTransactions(network: Network, pool: Pool, sidecars: Pick<Sidecars, "obtain">, logger: Logger): void {
  let waiting = 0;
  let turns = Promise.resolve();
  const turn = () => (turns = turns.then(() => new Promise((resolve) => setImmediate(resolve))));
  async function fetchBlobs(from: Peer, raw: Bytes): Promise<void> {
    if (waiting === MAX_WAITING) return;
    waiting++;
    try {
      await sidecars.obtain(blobHashesOf([raw]), from.id);
      await pool.addAll([raw], "peer");
    } catch (error) {
      logger.log("debug", "the blobs of a transaction did not come", { peer: from.id, error: String(error) }); // who has them tells it again
    } finally {
      waiting--;
    }
  }
  const take = async (from: Peer, frame: Bytes): Promise<Verdict> => {
    const raws = unpackTransactions(frame);
    if (raws === undefined) return refusal("P2P_FRAME_INVALID");
    await turn();
    const outcomes = await pool.addAll(raws, "peer");
    for (const [i, x] of outcomes.entries())
      if ("error" in x && x.error.code === "TX_SIDECAR_MISSING") void fetchBlobs(from, raws[i] as Bytes);
    return verdictOn(outcomes);
  };
  network.onPublish(FOR_ALL, take);
  network.onTell(FOR_THE_HOME, take);
}

/** What nobody could take is the peer's fault, whatever stands beside it. It may just be behind or ahead of us where a row says nothing of it. */
function verdictOn(outcomes: readonly AddOutcome[]): Verdict {
  const refused = outcomes.flatMap((x) =>
    "error" in x ? { ok: false as const, code: x.error.code, action: peerAction(x.error.code) } : [],
  );
  const guilty = refused.find(({ action }) => action !== "ignore");
  if (guilty !== undefined) return guilty;
  return refused.length < outcomes.length ? { ok: true } : (refused[0] as Verdict);
}

const peerAction = (code: string) => rowOf(code)?.peer ?? "ignore";

/** Of a node that batches nothing: what a client sends is taken only while a validator hears of it, else NO_VALIDATOR_CONNECTED. */
export function forwardingPool(pool: Pool, network: Network, isValidator: (publicKey: PublicKeyHex) => boolean): Pool {
  const addAll: Pool["addAll"] = async (raws, origin) => {
    const heard = network.peers().some(({ publicKey }) => publicKey !== undefined && isValidator(publicKey));
    if (origin === "peer" || heard) return pool.addAll(raws, origin);
    return raws.map(() => ({ error: nodeError("NO_VALIDATOR_CONNECTED", "this node only follows, and is connected to no validator") }));
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
    for (const frame of packTransactions(old.slice(0, RETOLD).map(({ tx }) => tx.raw))) network.publish(FOR_ALL, frame);
    plan();
  }
  plan();
  return () => cancel();
}
