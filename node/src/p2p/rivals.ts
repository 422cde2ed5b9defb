/**
 * Two processes with one key: another instance says Hello for a validator, or with a peer id, that a connection stands for already.
 * The one that stands keeps its place while its process answers; the other may ask (so that it hears that its key is in use), and
 * nothing that it sends on a lane is taken. Where the first does not answer, its process has ended without a word, and the other
 * takes its place.
 */
import { createBoundedMap } from "@noema/core/bounded";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import { answers } from "./ping.ts";
import type { Session } from "./session.ts";

/** A process that is busy on a machine that is busy answers within this. */
const PING_MS = 10_000;
/** Enough to ask whether its key is in use. */
const STAY_MS = 20_000;
const SAID_EVERY_MS = 60_000;
const MAX_SAID = 1000;

export type RivalsDeps = {
  clock: Clock;
  logger: Logger;
  standing(): Iterable<Session>;
  stand(session: Session): void;
};

export type Rivals = {
  /** True: another process stands in its place; it is kept until that is settled. */
  waits(session: Session): boolean;
  has(session: Session): boolean;
  ended(session: Session): void;
};

export function createRivals({ clock, logger, standing, stand }: RivalsDeps): Rivals {
  /** The one that waits, and who stands in its place. */
  const waiting = new Map<Session, Session>();
  const said = createBoundedMap<string, number>(MAX_SAID);

  function placeOf(session: Session): Session | undefined {
    const { id, publicKey, instance } = session.peer ?? { id: session.id };
    for (const other of standing()) {
      const same = other.id === id || (publicKey !== undefined && other.peer?.publicKey === publicKey);
      if (same && other.peer?.instance !== instance) return other;
    }
    return undefined;
  }

  function settle(session: Session): void {
    const other = placeOf(session);
    if (other === undefined) stand(session);
    else hold(session, other);
  }

  function hold(session: Session, other: Session): void {
    for (const earlier of [...waiting.keys()]) if (earlier.id === session.id) earlier.end();
    waiting.set(session, other);
    answers(other, clock, PING_MS).then((alive) => {
      if (!alive) return other.end(); // whoever waits now; `ended` settles it
      if (waiting.get(session) !== other) return;
      say(session, other);
      clock.after(STAY_MS, () => waiting.get(session) === other && session.end());
    });
  }

  function say(session: Session, other: Session): void {
    const who = session.peer?.publicKey ?? session.id;
    const now = clock.nowMs();
    if (now - (said.get(who) ?? Number.NEGATIVE_INFINITY) < SAID_EVERY_MS) return;
    said.set(who, now);
    logger.log("warn", "two processes run with one key", { publicKey: session.peer?.publicKey, peers: [other.id, session.id] });
  }

  return {
    waits(session) {
      const other = placeOf(session);
      if (other !== undefined) hold(session, other);
      return other !== undefined;
    },
    has: (session) => waiting.has(session),
    ended(session) {
      waiting.delete(session);
      for (const [rival, other] of [...waiting]) {
        if (other !== session) continue;
        waiting.delete(rival);
        settle(rival);
      }
    },
  };
}
