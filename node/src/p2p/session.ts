/** One connection, from its first stream to its end: Hello, then three lanes. Knows nothing of other connections. */
import type { Connection, Stream } from "@libp2p/interface";
import { toHex } from "@noema/core/bytes";
import { isNoemaError, remadeError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Lane, Peer, Verdict } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { p2pError } from "./errors.ts";
import { checkHello, encodeHello, type HelloContext } from "./hello.ts";
import { readLane } from "./lane-reader.ts";
import { createLaneWriter, type LaneWriter } from "./lane-writer.ts";
import {
  CONSENSUS,
  CONSENSUS_5,
  DATA,
  HELLO_TIMEOUT_MS,
  MAX_CONSENSUS_FRAME,
  MAX_DATA_FRAME,
  MAX_HELLO_BYTES,
  MAX_PUBLISH_FRAME,
  MAX_REJECTS,
  OLDEST_VERSION,
  PUBLISH,
  VERSION,
} from "./protocol.ts";

export type SessionLane = Lane | "publish";

export type SessionDeps = {
  clock: Clock;
  hello: HelloContext;
  /** This node's id as bytes (multihash). */
  selfId: Bytes;
  onReady(session: Session): void;
  /** Of a validator's clock. */
  onClock?(publicKey: PublicKeyHex, aheadMs: number): void;
  onFrame(session: Session, lane: SessionLane, frame: Bytes): Promise<Verdict> | Verdict;
  /** `guilty`: the peer broke a rule, so it should stay away for a while. */
  onEnd(session: Session, reason: Error | undefined, guilty: boolean): void;
};

export type Session = {
  readonly id: string;
  readonly connection: Connection;
  /** Once Hello is checked. */
  readonly peer: Peer | undefined;
  /** Resolves when Hello is checked; false when the session ended before. */
  readonly ready: Promise<boolean>;
  /** Why it ended, where that was said. */
  readonly endedBy: Error | undefined;
  /** Times that something came. */
  readonly received: number;
  /** Something came, on another stream than those attached. */
  heard(): void;
  attach(protocol: string, stream: Stream): void;
  push(lane: SessionLane, ...parts: readonly Bytes[]): boolean;
  queuedBytes(lane: SessionLane): number;
  end(reason?: Error, guilty?: boolean): void;
};

/** `newest`: of the versions that may be agreed on there. */
type Kind = { lane: SessionLane; max: number; newest?: number };

const LANES: Readonly<Record<string, Kind>> = {
  [CONSENSUS]: { lane: "consensus", max: MAX_CONSENSUS_FRAME, newest: VERSION },
  [CONSENSUS_5]: { lane: "consensus", max: MAX_CONSENSUS_FRAME, newest: OLDEST_VERSION },
  [DATA]: { lane: "data", max: MAX_DATA_FRAME },
  [PUBLISH]: { lane: "publish", max: MAX_PUBLISH_FRAME },
};
/** Bytes a peer may have queued: some proposals; a few batches and rows; some announcements. */
const QUEUE_BYTES: Readonly<Record<SessionLane, number>> = { consensus: 8 << 20, data: 32 << 20, publish: 8 << 20 };

export function createSession(connection: Connection, deps: SessionDeps): Session {
  const id = connection.remotePeer.toString();
  const { promise: ready, resolve: settleReady } = Promise.withResolvers<boolean>();
  const attached = new Set<SessionLane>();
  const stops: (() => void)[] = [];
  let peer: Peer | undefined;
  let greeted = false;
  let ended = false;
  let endedBy: Error | undefined;
  let rejects = 0;
  let received = 0;

  const heard = () => void received++;
  const fail = (error: Error) => end(error, isNoemaError(error));
  const consensus = createLaneWriter(QUEUE_BYTES.consensus, undefined, fail);
  const writers: Record<SessionLane, LaneWriter> = {
    consensus,
    data: createLaneWriter(QUEUE_BYTES.data, consensus, fail),
    publish: createLaneWriter(QUEUE_BYTES.publish, consensus, fail),
  };
  const cancelTimeout = deps.clock.after(HELLO_TIMEOUT_MS, () => fail(p2pError("P2P_HELLO_INVALID", "no Hello in time")));
  connection.addEventListener("close", () => end());

  function end(reason?: Error, guilty = false): void {
    if (ended) return;
    ended = true;
    endedBy = reason;
    cancelTimeout();
    for (const stop of stops) stop();
    for (const writer of Object.values(writers)) writer.close();
    settleReady(false);
    if (connection.status === "open") connection.abort(reason ?? new Error("session ended"));
    deps.onEnd(session, reason, guilty);
  }

  async function greet(newest: number): Promise<void> {
    consensus.push(await encodeHello(deps.hello, newest, deps.selfId, deps.clock.nowMs()));
  }

  /** What the peer sends while its Hello is checked waits: it may have checked ours already, and counts on us. */
  function receiveFirst(stream: Stream, newest: number, frame: Bytes): Promise<void> {
    if (greeted) {
      const kept = frame.slice();
      return ready.then((ok) => (ok ? judge("consensus", kept) : undefined));
    }
    greeted = true;
    stream.pause();
    return receiveHello(newest, frame).finally(() => {
      if (!ended) stream.resume();
    });
  }

  async function receiveHello(newest: number, frame: Bytes): Promise<void> {
    const remoteId = connection.remotePeer.toMultihash().bytes;
    const { aheadMs, ...checked } = await checkHello(deps.hello, newest, Uint8Array.from(frame), remoteId, deps.clock.nowMs());
    if (ended) return;
    cancelTimeout();
    peer = { id, ...checked, instance: toHex(checked.instance) };
    settleReady(true);
    if (checked.publicKey !== undefined && aheadMs !== undefined) deps.onClock?.(checked.publicKey, aheadMs);
    deps.onReady(session);
  }

  async function judge(lane: SessionLane, frame: Bytes): Promise<void> {
    if (ended) return;
    const verdict = await deps.onFrame(session, lane, frame);
    if (verdict.ok || verdict.action === "ignore") return;
    if (verdict.action === "disconnect") throw remadeError(verdict.code, `a frame on ${lane} was refused`);
    if (++rejects >= MAX_REJECTS) throw p2pError("P2P_TOO_MANY_REJECTS", `${rejects} rejected frames; the last: ${verdict.code}`);
  }

  const session: Session = {
    id,
    connection,
    get peer() {
      return peer;
    },
    ready,
    get endedBy() {
      return endedBy;
    },
    get received() {
      return received;
    },
    heard,
    attach(protocol, stream) {
      const kind = LANES[protocol];
      if (ended || kind === undefined || attached.has(kind.lane)) return stream.abort(new Error("unexpected stream"));
      const { lane, max, newest } = kind;
      attached.add(lane);
      stream.addEventListener("close", (event) => end(event.error));
      stream.addEventListener("remoteCloseWrite", () => end());
      const start = () =>
        stops.push(
          readLane(stream, {
            clock: deps.clock,
            maxFrame: () => (greeted ? max : MAX_HELLO_BYTES),
            onBytes: heard,
            handle: (frame) => (peer === undefined ? receiveFirst(stream, newest ?? 0, frame) : judge(lane, frame)),
            onError: fail,
          }),
        );
      writers[lane].attach(stream);
      if (newest !== undefined) {
        start();
        greet(newest).catch(fail);
      } else {
        // nothing is read, and the peer's window fills, until it has said who it is
        stream.pause();
        ready
          .then((ok) => {
            if (!ok) return;
            start();
            stream.resume();
          })
          .catch(fail);
      }
    },
    push: (lane, ...parts) => !ended && writers[lane].push(...parts),
    queuedBytes: (lane) => writers[lane].queuedBytes(),
    end,
  };
  return session;
}
