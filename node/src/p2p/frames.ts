/** What becomes of a frame: its lane's or topic's handler judges it, and what is published goes on to those who may not have it. */
import { createBoundedMap } from "@noema/core/bounded";
import { utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Lane, Network, Peer, Verdict } from "@noema/core/ports/network";
import { refusal } from "./errors.ts";
import type { Session, SessionLane } from "./session.ts";

const SEEN = 16_384; // published messages
/** A message comes back within seconds; later it is told again, because who had it has lost it. */
export const SEEN_MS = 20_000;

type Handler = (from: Peer, frame: Bytes) => Verdict | Promise<Verdict>;

export type Frames = Pick<Network, "onFrame" | "onPublish" | "onTell" | "publish"> & {
  /** From a session that has said Hello. */
  take(session: Session, lane: SessionLane, frame: Bytes): Promise<Verdict>;
};

export type FramesDeps = {
  clock: Clock;
  logger: Logger;
  standing(): Iterable<Session>;
  isRival(session: Session): boolean;
  isValidator(session: Session): boolean;
  /** This node is one itself. */
  isOne(): boolean;
  /** A queue was full. */
  dropped(): void;
};

export function createFrames({ clock, logger, standing, isRival, isValidator, isOne, dropped }: FramesDeps): Frames {
  const lanes = new Map<Lane, Handler>();
  const topics = new Map<string, Handler>();
  const direct = new Map<string, Handler>();
  const seen = createBoundedMap<string, number>(SEEN);

  /** False: it was seen a short while ago. */
  function isNew(frame: Bytes): boolean {
    const [key, now] = [seenKey(frame), clock.nowMs()];
    const isKnown = now - (seen.get(key) ?? Number.NEGATIVE_INFINITY) < SEEN_MS;
    if (!isKnown) seen.set(key, now);
    return !isKnown;
  }

  async function verdictOn(session: Session, from: Peer, lane: SessionLane, frame: Bytes): Promise<Verdict> {
    if (isRival(session)) return refusal("P2P_KEY_TWICE");
    if (lane === "publish") return onPublished(session, from, frame);
    return judge(lanes.get(lane), from, frame, lane);
  }

  async function onPublished(session: Session, from: Peer, frame: Bytes): Promise<Verdict> {
    const nameLength = frame[0] ?? 0;
    if (nameLength === 0 || nameLength >= frame.length) return refusal("P2P_FRAME_INVALID");
    const topic = Buffer.from(frame.subarray(1, 1 + nameLength)).toString();
    const body = frame.subarray(1 + nameLength);
    const handler = direct.get(topic);
    if (handler !== undefined) return judge(handler, from, body, topic);
    if (!isNew(frame)) return { ok: true };
    const verdict = await judge(topics.get(topic), from, body, topic);
    if (verdict.ok) flood(frame, passesOn(session));
    return verdict;
  }

  /** Validators are connected to each other, so what one of them tells another the rest have from it. Whoever is none tells all of them. */
  function passesOn(from: Session): (to: Session) => boolean {
    const told = isOne() && isValidator(from);
    return (to) => to !== from && !(told && isValidator(to));
  }

  /** A handler that throws is our fault, not the peer's: logged, and the frame ignored. */
  async function judge(handler: Handler | undefined, from: Peer, frame: Bytes, where: string): Promise<Verdict> {
    if (handler === undefined) return refusal("P2P_NO_HANDLER");
    try {
      return await handler(from, frame);
    } catch (error) {
      logger.log("error", "frame handler failed", {
        where,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return refusal("P2P_HANDLER_FAILED");
    }
  }

  function flood(frame: Bytes, goesTo: (session: Session) => boolean): void {
    for (const session of standing()) if (goesTo(session) && !session.push("publish", frame)) dropped();
  }

  return {
    async take(session, lane, frame) {
      const from = session.peer as Peer;
      const verdict = await verdictOn(session, from, lane, frame);
      if (!verdict.ok) logger.log("debug", "frame refused", { lane, peer: from.id, code: verdict.code });
      return verdict;
    },
    onFrame: (lane, f) => void lanes.set(lane, f),
    onPublish: (topic, f) => void topics.set(topic, f),
    onTell: (topic, f) => void direct.set(topic, f),
    publish(topic, body) {
      const frame = Buffer.concat(onTopic(topic, body));
      if (isNew(frame)) flood(frame, () => true);
    },
  };
}

/** The parts of a frame of the lane `publish`. */
export function onTopic(topic: string, body: Bytes): readonly Bytes[] {
  const name = utf8(topic);
  return [Uint8Array.of(name.length), name, body];
}

function seenKey(frame: Bytes): string {
  return Buffer.from(sha256(frame)).toString("latin1");
}
