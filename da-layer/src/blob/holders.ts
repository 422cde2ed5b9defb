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

/** After this it is tried again, at the price of one hedge; each further silence doubles it: one in a hundred reads may be hedged, not one in ten. */
const SILENT_MS = 30_000;
const LONGEST_SILENT_MS = 300_000;
const LIED_MS = 600_000;
const MAX_PEERS = 1024;

/** `silences`: one after another. */
type Doubt = { until: number; silences: number; lied: boolean };

export function createScores(clock: Clock): Scores {
  const doubts = createBoundedMap<string, Doubt>(MAX_PEERS);
  const keyOf = ({ id, publicKey }: Peer) => publicKey ?? id;
  const isDoubted = (peer: Peer) => (doubts.get(keyOf(peer))?.until ?? 0) > clock.nowMs();
  return {
    isDoubted,
    answered(peer) {
      if (doubts.get(keyOf(peer))?.lied && isDoubted(peer)) return; // of one that lied, an answer says nothing
      doubts.delete(keyOf(peer));
    },
    silent(peer) {
      if (isDoubted(peer)) return; // asked with everybody in the last wave, or by several reads at once: no news
      const silences = doubts.get(keyOf(peer))?.silences ?? 0;
      const ms = Math.min(SILENT_MS * 2 ** silences, LONGEST_SILENT_MS);
      doubts.set(keyOf(peer), { until: clock.nowMs() + ms, silences: silences + 1, lied: false });
    },
    lied(peer) {
      doubts.set(keyOf(peer), { until: clock.nowMs() + LIED_MS, silences: 0, lied: true });
    },
  };
}
