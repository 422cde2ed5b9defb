/**
 * Who stays away for a while: a peer id, and the key that it has proved, with whatever id it comes back. A host from which somebody comes
 * back before that is over is refused before the handshake, which costs ten milliseconds where a forged frame costs one.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { Peer } from "@noema/core/ports/network";
import { createPauses } from "./pauses.ts";

/** After a verdict to disconnect. */
export const BAN_MS = 60_000;
/** Not for ever: a faulty peer may be mended. */
const LONGEST_BAN_MS = 3_600_000;
/** Others may come from there as well, and get in between two. */
export const HOST_MS = 1000;
const LONGEST_HOST_MS = 32_000;

export type Banned = Pick<Peer, "id" | "publicKey">;

export type Bans = {
  add(peer: Banned): void;
  /** Milliseconds to stay away; 0: none. */
  leftMs(peer: Banned): number;
  /** One who is banned has come in from this host. */
  cameBack(host: string): void;
  refuses(host: string): boolean;
};

export function createBans(clock: Clock): Bans {
  const peers = createPauses(clock, BAN_MS, LONGEST_BAN_MS);
  const hosts = createPauses(clock, HOST_MS, LONGEST_HOST_MS);
  const namesOf = ({ id, publicKey }: Banned) => (publicKey === undefined ? [id] : [id, publicKey]);
  return {
    add: (peer) => namesOf(peer).forEach(peers.begin),
    leftMs: (peer) => Math.max(...namesOf(peer).map(peers.leftMs)),
    cameBack: hosts.begin,
    refuses: (host) => hosts.leftMs(host) > 0,
  };
}
