/** Who is connected: sessions by connection, from the first stream on, and of several with one peer the one that stands for it. */
import type { Connection } from "@libp2p/interface";
import type { NoemaError } from "@noema/core/errors";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Peer } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { hostOf } from "./address-book.ts";
import { createBans } from "./bans.ts";
import { createRivals } from "./rivals.ts";
import type { Session } from "./session.ts";

/** Peers that are no validators have room of their own: they take no validator's, and one that comes late takes that of the first. */
export const MAX_GUESTS = 64;

export type Connections = {
  sessionOf(connection: Connection): Session;
  /** Of a peer that has said Hello. */
  get(id: string): Session | undefined;
  standing(): Iterable<Session>;
  /** Another process stands in its place: it may ask, and nothing else that it sends is taken. */
  isRival(session: Session): boolean;
  /** By the key that it has proved. */
  isValidator(session: Session): boolean;
  onPeer(f: (peer: Peer, up: boolean) => void): void;
  /** How long to stay away from a peer that misbehaved. */
  bannedMs(id: string): number;
  /** Before anything is said on a connection from there. */
  refuses(host: string): boolean;
  endAll(): void;
};

export type SessionEvents = {
  onReady(session: Session): void;
  onEnd(session: Session, reason: Error | undefined, guilty: boolean): void;
};

export type ConnectionsDeps = {
  clock: Clock;
  logger: Logger;
  selfId: string;
  open(connection: Connection, events: SessionEvents): Session;
  isValidator(publicKey: PublicKeyHex): boolean;
  /** The last session with the peer has ended. */
  lost(id: string, reason: Error | undefined): void;
  /** A peer broke a rule. */
  disconnected(): void;
};

export function createConnections({ clock, logger, selfId, open, isValidator, lost, disconnected }: ConnectionsDeps): Connections {
  const sessions = new Map<Connection, Session>();
  const active = new Map<string, Session>();
  const watchers: ((peer: Peer, up: boolean) => void)[] = [];
  const bans = createBans(clock);
  const rivals = createRivals({ clock, logger, standing: () => active.values(), stand });

  function onReady(session: Session): void {
    if (bans.leftMs(session.peer as Peer) > 0) turnAway(session);
    else if (!rivals.waits(session)) stand(session);
  }

  function turnAway({ connection, end }: Session): void {
    if (connection.direction === "inbound") bans.cameBack(hostOf(connection.remoteAddr));
    end();
  }

  /** Of two connections with one process both sides keep the one that the lesser id dialed; of two by the same dialer, the newer. */
  function stand(session: Session): void {
    const rival = active.get(session.id);
    if (rival === undefined) {
      active.set(session.id, session);
      tell(session, true);
      const guests = [...active.values()].filter((x) => !hasValidatorsKey(x));
      if (guests.length > MAX_GUESTS) guests[0]?.end();
    } else if (initiator(rival) !== initiator(session) && initiator(rival) < initiator(session)) {
      session.end();
    } else {
      active.set(session.id, session);
      rival.end();
    }
  }

  function hasValidatorsKey({ peer }: Session): boolean {
    return peer?.publicKey !== undefined && isValidator(peer.publicKey);
  }

  function initiator(session: Session): string {
    return session.connection.direction === "outbound" ? selfId : session.id;
  }

  function onEnd(session: Session, reason: Error | undefined, guilty: boolean): void {
    sessions.delete(session.connection);
    if (guilty) {
      bans.add(session.peer ?? session);
      disconnected();
      const code = (reason as NoemaError).code;
      logger.log("warn", "peer disconnected", { peer: session.id, publicKey: session.peer?.publicKey, code, reason: reason?.message });
    }
    if (active.get(session.id) === session) {
      active.delete(session.id);
      tell(session, false);
    }
    rivals.ended(session);
    if (!active.has(session.id)) lost(session.id, reason);
  }

  function tell(session: Session, up: boolean): void {
    const peer = session.peer as Peer;
    logger.log("debug", up ? "peer connected" : "peer gone", { peer: peer.id, publicKey: peer.publicKey });
    for (const watcher of watchers) watcher(peer, up);
  }

  return {
    sessionOf(connection) {
      let session = sessions.get(connection);
      if (session === undefined) {
        session = open(connection, { onReady, onEnd });
        sessions.set(connection, session);
        if (bans.leftMs({ id: session.id }) > 0) turnAway(session);
      }
      return session;
    },
    get: (id) => active.get(id),
    standing: () => active.values(),
    isRival: rivals.has,
    isValidator: hasValidatorsKey,
    onPeer: (f) => void watchers.push(f),
    bannedMs: (id) => bans.leftMs({ id }),
    refuses: bans.refuses,
    endAll() {
      for (const session of [...sessions.values()]) session.end();
    },
  };
}
