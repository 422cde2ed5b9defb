/**
 * A node that is no member of the epoch gets no certificates: it asks the validators in turn where they stand, and what they answer
 * leads the engine to what it lacks. A validator that answers with nothing new costs one turn.
 */
import { askOne } from "@noema/core/peer-methods";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Network } from "@noema/core/ports/network";
import type { EventQueue } from "./event-queue.ts";
import { METHODS } from "./methods.ts";
import type { Peers } from "./peers.ts";

const ASK_EVERY_MS = 500;
const TIMEOUT_MS = 2_000;

export type FollowingDeps = {
  clock: Clock;
  network: Network;
  logger: Logger;
  peers: Peers;
  queue: EventQueue;
  signal: AbortSignal;
  /** False while this node is a member: then everything comes by itself. */
  follows(): boolean;
};

/** Until the signal aborts. */
export function follow(deps: FollowingDeps): void {
  const { clock, signal, logger } = deps;
  let turn = 0;
  let cancel = () => {};
  const plan = () => {
    if (!signal.aborted) cancel = clock.after(ASK_EVERY_MS, ask);
  };
  function ask(): void {
    const asked = deps.follows() ? askNext(deps, turn++) : Promise.resolve();
    asked
      .catch((error) => !signal.aborted && logger.log("debug", "a validator did not say where it stands", { error: String(error) }))
      .finally(plan);
  }
  signal.addEventListener("abort", () => cancel(), { once: true });
  ask();
}

async function askNext({ clock, network, peers, queue, signal }: FollowingDeps, turn: number): Promise<void> {
  const validators = peers.connected();
  const from = validators[turn % validators.length];
  const id = from && peers.idOf(from);
  if (from === undefined || id === undefined) return;
  const late = new AbortController();
  const cancel = clock.after(TIMEOUT_MS, () => late.abort(new Error("no answer in time")));
  try {
    const status = await askOne(network, id, METHODS.status, undefined, AbortSignal.any([signal, late.signal]));
    peers.answered(from);
    queue.offer(from, { type: "Received", from, message: { type: "Status", status } });
  } finally {
    cancel();
  }
}
