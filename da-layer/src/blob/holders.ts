/** Who holds which rows of an object, and what is remembered of how each connected peer answered: over reads, by key where one is proved. */
import { createBoundedMap } from "@noema/core/bounded";
import type { Clock } from "@noema/core/ports/clock";
import type { Peer } from "@noema/core/ports/network";
import { indexOf } from "@noema/core/validator-index";
import { assignSlots } from "./assignment.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { BlobObject } from "./object.ts";

export type Holder = { peer: Peer; slots: number[] };

/** Slots that each connected peer should hold; everybody is asked for everything where the assignment is not known. */
export function holdersOf(object: BlobObject, deps: Pick<BlobLaneDeps, "network" | "validatorSetOf" | "epochSeed">): Holder[] {
  const { meta } = object;
  const set = deps.validatorSetOf(meta.epoch);
  const seed = deps.epochSeed(meta.epoch);
  const ranges = set && seed && assignSlots(set, meta.R, seed, meta.publisher, meta.nonce).ranges;
  return deps.network.peers().flatMap((peer) => {
    const index = set && indexOf(set, peer.publicKey);
    const range = index === undefined ? undefined : ranges?.[index];
    if (ranges !== undefined && range === undefined) return [];
    const [from, to] = range === undefined ? [0, meta.N] : [range.from, range.to];
    return [{ peer, slots: Array.from({ length: to - from }, (_, i) => from + i) }];
  });
}

export type Scores = {
  /** Whether it failed of late: it is asked last. */
  isDoubted(peer: Peer): boolean;
  answered(peer: Peer): void;
  /** It did not answer, or not with what it was asked for. */
  silent(peer: Peer): void;
  /** It sent what does not verify. */
  lied(peer: Peer): void;
};

/** After this it is tried again, at the price of one hedge. */
const SILENT_MS = 30_000;
const LIED_MS = 600_000;
const MAX_PEERS = 1024;

export function createScores(clock: Clock): Scores {
  const doubtedUntil = createBoundedMap<string, number>(MAX_PEERS);
  const keyOf = ({ id, publicKey }: Peer) => publicKey ?? id;
  const doubt = (peer: Peer, ms: number) => doubtedUntil.set(keyOf(peer), Math.max(clock.nowMs() + ms, doubtedUntil.get(keyOf(peer)) ?? 0));
  return {
    isDoubted: (peer) => (doubtedUntil.get(keyOf(peer)) ?? 0) > clock.nowMs(),
    answered(peer) {
      // of one that lied, an answer says nothing
      if ((doubtedUntil.get(keyOf(peer)) ?? 0) <= clock.nowMs() + SILENT_MS) doubtedUntil.delete(keyOf(peer));
    },
    silent: (peer) => doubt(peer, SILENT_MS),
    lied: (peer) => doubt(peer, LIED_MS),
  };
}
