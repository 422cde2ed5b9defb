/** Transactions of other nodes: how the pool takes them in, and what a node does that batches nothing. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Network, Peer, Verdict } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { addOne } from "@noema/execution/pool/add-one";
import type { AddOutcome, Pool } from "@noema/execution/pool/pool-interface";
import { rowOf } from "../error-rows.ts";
import { nodeError } from "../errors.ts";
import { refusal } from "../p2p/errors.ts";
import { FOR_ALL, FOR_THE_HOME, packTransactions, unpackTransactions } from "./transaction-frames.ts";

/** More than the network remembers a message. */
const RETELL_MS = 30_000;
/** Told again in one go: a block of transfers has 1,400. */
const RETOLD = 1_500;

/** Takes in what other nodes tell, a frame in each turn of the event loop: frames of votes are read between two of them. */
export function receiveTransactions(network: Network, pool: Pool): void {
  let turns = Promise.resolve();
  const turn = () => (turns = turns.then(() => new Promise((resolve) => setImmediate(resolve))));
  const take = async (_from: Peer, frame: Bytes): Promise<Verdict> => {
    const raws = unpackTransactions(frame);
    if (raws === undefined) return refusal("P2P_FRAME_INVALID");
    await turn();
    return verdictOn(await pool.addAll(raws, "peer"));
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
