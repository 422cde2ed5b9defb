/**
 * Events on their way to the engine, first in, first out. What peers send is bounded in all and for each of them, and dropped
 * beyond (retries of the protocol repair it); answers to the engine's own effects are bounded by the engine and never dropped.
 */
import type { PublicKeyHex } from "@noema/core/ports/signing";
import type { Event } from "../engine/events.ts";

type Untimed<E> = E extends unknown ? Omit<E, "nowMs"> : never;
/** An event before the loop stamps its time. */
export type NewEvent = Untimed<Event>;

/** No peer may fill the queue alone. */
const PEER_SHARE = 4;

export type EventQueue = {
  push(event: NewEvent): void;
  /** False when dropped. */
  offer(from: PublicKeyHex, event: NewEvent): boolean;
  takeAll(): NewEvent[];
  readonly length: number;
};

export function createEventQueue(limit: number, wake: () => void): EventQueue {
  let events: NewEvent[] = [];
  let outside = 0;
  const perPeer = new Map<PublicKeyHex, number>();
  return {
    push(event) {
      events.push(event);
      wake();
    },
    offer(from, event) {
      const own = perPeer.get(from) ?? 0;
      if (outside >= limit || own >= Math.ceil(limit / PEER_SHARE)) return false;
      outside++;
      perPeer.set(from, own + 1);
      this.push(event);
      return true;
    },
    takeAll() {
      const taken = events;
      events = [];
      outside = 0;
      perPeer.clear();
      return taken;
    },
    get length() {
      return events.length;
    },
  };
}
