/** Who stays away for a while: a peer id, and the key that it has proved, with whatever id it comes back. */
import { createBoundedMap } from "@noema/core/bounded";
import type { Clock } from "@noema/core/ports/clock";
import type { Peer } from "@noema/core/ports/network";

/** After a verdict to disconnect; not for ever: a faulty peer may be mended. */
export const BAN_MS = 60_000;
/** Ids and keys cost nothing to make, so the oldest bans are forgotten first. */
const MAX_BANS = 1000;

export type Banned = Pick<Peer, "id" | "publicKey">;

export type Bans = {
  add(peer: Banned): void;
  /** Milliseconds to stay away; 0: none. */
  leftMs(peer: Banned): number;
};

export function createBans(clock: Clock): Bans {
  const until = createBoundedMap<string, number>(MAX_BANS);
  const namesOf = ({ id, publicKey }: Banned) => (publicKey === undefined ? [id] : [id, publicKey]);
  return {
    add(peer) {
      for (const name of namesOf(peer)) until.set(name, clock.nowMs() + BAN_MS);
    },
    leftMs: (peer) => Math.max(0, ...namesOf(peer).map((name) => (until.get(name) ?? 0) - clock.nowMs())),
  };
}
