/** Fetch: blocks and boundaries by request and answer, the small questions as frames. The engine repeats what fails. */
import { askPeer } from "@noema/core/peer-methods";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Network } from "@noema/core/ports/network";
import type { Random } from "@noema/core/ports/random";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import type { Effect } from "../engine/events.ts";
import { type Block, LIMITS } from "../types.ts";
import type { EventQueue } from "./event-queue.ts";
import type { LeftBehind } from "./left-behind.ts";
import { METHODS } from "./methods.ts";
import type { Peers } from "./peers.ts";

export type FetchingDeps = {
  clock: Clock;
  random: Random;
  network: Network;
  peers: Peers;
  queue: EventQueue;
  leftBehind: LeftBehind;
  logger: Logger;
  signal: AbortSignal;
};

/** An answer that takes longer than this is given up. */
const TIMEOUT_MS = 10_000;

export function fetchFrom(deps: FetchingDeps, { to, request }: Extract<Effect, { type: "Fetch" }>): void {
  if (request.type === "GetCerts" || request.type === "GetStatus") {
    deps.peers.send([to], request);
    return;
  }
  const near = deps.peers.idOf(to) === undefined ? anyOf(deps) : to;
  const asked = near && request.type === "GetBlocks" ? deps.leftBehind.insteadOf(near) : near;
  const peer = asked && deps.peers.idOf(asked);
  if (asked === undefined || peer === undefined) return;
  const timeout = new AbortController();
  const cancel = deps.clock.after(TIMEOUT_MS, () => timeout.abort());
  const signal = AbortSignal.any([deps.signal, timeout.signal]);
  const work = request.type === "GetBlocks" ? blocks(deps, asked, peer, request, signal) : boundaries(deps, asked, peer, request, signal);
  work
    .catch((error) => {
      deps.leftBehind.failed(asked, error);
      if (!deps.signal.aborted) deps.logger.log("debug", "fetch failed", { to, request: request.type, error: String(error) });
    })
    .finally(cancel);
}

/** Whoever is connected may have it too: not every node knows every validator. */
function anyOf({ peers, random }: FetchingDeps): PublicKeyHex | undefined {
  const connected = peers.connected();
  return connected[(random.bytes(1)[0] as number) % connected.length];
}

type Request = Extract<Effect, { type: "Fetch" }>["request"];

async function blocks(
  { network, queue }: FetchingDeps,
  from: PublicKeyHex,
  peer: string,
  request: Extract<Request, { type: "GetBlocks" }>,
  signal: AbortSignal,
): Promise<void> {
  const found: Block[] = [];
  for await (const block of askPeer(network, peer, METHODS.blocksByHash, request, signal, Math.min(request.count, LIMITS.blocks)))
    found.push(block);
  // One event for the many: the engine walks the chain once for each. The last one makes it try again what was undecidable.
  const last = found.pop();
  if (found.length > 0) queue.push({ type: "Received", from, message: { type: "Blocks", blocks: found } });
  if (last !== undefined) queue.push({ type: "BlockArrived", block: last, from });
}

async function boundaries(
  { network, queue }: FetchingDeps,
  from: PublicKeyHex,
  peer: string,
  request: Extract<Request, { type: "GetBoundaries" }>,
  signal: AbortSignal,
): Promise<void> {
  // The first only: epochs are entered one at a time, and a later one is checked with the set it leads to.
  for await (const boundary of askPeer(network, peer, METHODS.boundaryCerts, request, signal, 1))
    queue.push({ type: "Received", from, message: { type: "Boundaries", boundaries: [boundary] } });
}
