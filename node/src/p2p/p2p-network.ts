/** The Network port on libp2p; protocol.ts states the wire. Here: who is connected, and what goes to whom. */
import type { Connection, PrivateKey } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { createBoundedSet } from "@noema/core/bounded";
import { utf8 } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Lane, Network, Peer, Verdict } from "@noema/core/ports/network";
import type { Random } from "@noema/core/ports/random";
import type { Service } from "@noema/core/ports/service";
import type { Libp2p } from "libp2p";
import { createBans } from "./bans.ts";
import { createDialer } from "./dialer.ts";
import { p2pError, refusal } from "./errors.ts";
import type { HelloContext } from "./hello.ts";
import { startLibp2p } from "./libp2p-node.ts";
import { CONSENSUS, DATA, PUBLISH, REQUEST } from "./protocol.ts";
import { answer, ask, type RequestHandler, requestFailed } from "./requests.ts";
import { createRivals, PING_METHOD } from "./rivals.ts";
import { createSession, type Session, type SessionLane } from "./session.ts";

export type P2pOptions = {
  /** Multiaddrs, e.g. /ip4/127.0.0.1/tcp/9000; port 0 takes a free one. */
  listen: readonly string[];
  /** Multiaddrs that end in /p2p/<peer id>; this node's own is left out. */
  peers: readonly string[];
};

export type P2pDeps = {
  /** Of ed25519 (keys/peer-key.ts). */
  privateKey: PrivateKey;
  hello: HelloContext;
  clock: Clock;
  random: Random;
  logger: Logger;
  metrics: Metrics;
};

export type P2pNetwork = Network &
  Service & {
    readonly id: string;
    /** Where this node listens, with /p2p/<id>; after `start`. */
    addresses(): string[];
  };

type Handler = (from: Peer, frame: Bytes) => Verdict | Promise<Verdict>;

const SEEN = 16_384; // published messages; a message comes back within seconds
const MAX_REQUEST_STREAMS = 128; // a peer and direction

/** Throws P2P_ADDRESS_INVALID at once; `start` throws P2P_LISTEN_FAILED. */
export function createP2pNetwork(options: P2pOptions, deps: P2pDeps): P2pNetwork {
  const { clock, logger } = deps;
  const self = peerIdFromPrivateKey(deps.privateKey);
  const selfId = self.toString();
  const addresses = addressBook(options.peers, selfId);
  const lanes = new Map<Lane, Handler>();
  const topics = new Map<string, Handler>();
  const methods = new Map<string, RequestHandler>([[PING_METHOD, async function* () {}]]);
  const watchers: ((peer: Peer, up: boolean) => void)[] = [];
  const seen = createBoundedSet<string>(SEEN);
  /** By connection, from its first stream on; and the one that stands for each peer. */
  const sessions = new Map<Connection, Session>();
  const active = new Map<string, Session>();
  const bans = createBans(clock);
  const counters = createCounters(deps.metrics, active);
  const rivals = createRivals({ clock, logger, standing: () => active.values(), stand });
  let node: Libp2p | undefined;

  const dialer = createDialer([...addresses.keys()], {
    clock,
    random: deps.random,
    selfId,
    connected: (id) => active.has(id),
    bannedMs: (id) => bans.leftMs({ id }),
    async dial(id) {
      if (node === undefined) return;
      const connection = await node.dial(addresses.get(id) as Multiaddr[]);
      const session = sessionOf(connection);
      if (connection.direction === "outbound") await openLanes(session);
      await session.ready;
    },
  });

  async function openLanes(session: Session): Promise<void> {
    for (const protocol of [CONSENSUS, DATA, PUBLISH]) session.attach(protocol, await session.connection.newStream(protocol));
  }

  function sessionOf(connection: Connection): Session {
    let session = sessions.get(connection);
    if (session === undefined) {
      session = createSession(connection, { clock, hello: deps.hello, selfId: self.toMultihash().bytes, onReady, onFrame, onEnd });
      sessions.set(connection, session);
      if (bans.leftMs({ id: session.id }) > 0) session.end();
    }
    return session;
  }

  function onReady(session: Session): void {
    if (bans.leftMs(session.peer as Peer) > 0) session.end();
    else if (!rivals.waits(session)) stand(session);
  }

  /** Of two connections with one process both sides keep the one that the lesser id dialed; of two by the same dialer, the newer. */
  function stand(session: Session): void {
    const rival = active.get(session.id);
    if (rival === undefined) {
      active.set(session.id, session);
      tell(session, true);
    } else if (initiator(rival) !== initiator(session) && initiator(rival) < initiator(session)) {
      session.end();
    } else {
      active.set(session.id, session);
      rival.end();
    }
  }

  function initiator(session: Session): string {
    return session.connection.direction === "outbound" ? selfId : session.id;
  }

  function onEnd(session: Session, reason: Error | undefined, guilty: boolean): void {
    sessions.delete(session.connection);
    if (guilty) {
      bans.add(session.peer ?? session);
      counters.disconnected();
      const code = (reason as NoemaError).code;
      logger.log("warn", "peer disconnected", { peer: session.id, publicKey: session.peer?.publicKey, code, reason: reason?.message });
    }
    if (active.get(session.id) === session) {
      active.delete(session.id);
      tell(session, false);
    }
    rivals.ended(session);
    if (!active.has(session.id)) dialer.lost(session.id);
  }

  function tell(session: Session, up: boolean): void {
    const peer = session.peer as Peer;
    logger.log("debug", up ? "peer connected" : "peer gone", { peer: peer.id, publicKey: peer.publicKey });
    for (const watcher of watchers) watcher(peer, up);
  }

  async function onFrame(session: Session, lane: SessionLane, frame: Bytes): Promise<Verdict> {
    const from = session.peer as Peer;
    const verdict = await verdictOn(session, from, lane, frame);
    if (!verdict.ok) logger.log("debug", "frame refused", { lane, peer: from.id, code: verdict.code });
    return verdict;
  }

  async function verdictOn(session: Session, from: Peer, lane: SessionLane, frame: Bytes): Promise<Verdict> {
    if (rivals.has(session)) return refusal("P2P_KEY_TWICE");
    if (lane === "publish") return onPublished(session, from, frame);
    return judge(lanes.get(lane), from, frame, lane);
  }

  async function onPublished(session: Session, from: Peer, frame: Bytes): Promise<Verdict> {
    const nameLength = frame[0] ?? 0;
    if (nameLength === 0 || nameLength >= frame.length) return refusal("P2P_FRAME_INVALID");
    if (!seen.add(seenKey(frame))) return { ok: true };
    const topic = Buffer.from(frame.subarray(1, 1 + nameLength)).toString();
    const verdict = await judge(topics.get(topic), from, frame.subarray(1 + nameLength), topic);
    if (verdict.ok) flood(frame, session);
    return verdict;
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

  function flood(frame: Bytes, except?: Session): void {
    for (const session of active.values()) if (session !== except && !session.push("publish", frame)) counters.dropped();
  }

  async function serveRequest(session: Session, stream: Parameters<typeof answer>[0]): Promise<void> {
    stream.pause();
    if (!(await session.ready)) return stream.abort(new Error("no Hello"));
    answer(stream, session.peer as Peer, (method) => methods.get(method));
    stream.resume();
  }

  return {
    id: selfId,
    addresses: () => (node === undefined ? [] : node.getMultiaddrs().map((a) => a.toString())),
    async start() {
      node = await startLibp2p(deps.privateKey, options.listen);
      for (const protocol of [CONSENSUS, DATA, PUBLISH])
        await node.handle(protocol, (stream, connection) => sessionOf(connection).attach(protocol, stream), { maxInboundStreams: 1 });
      await node.handle(
        REQUEST,
        (stream, connection) => serveRequest(sessionOf(connection), stream).catch((error) => stream.abort(error)),
        {
          maxInboundStreams: MAX_REQUEST_STREAMS,
          maxOutboundStreams: MAX_REQUEST_STREAMS,
        },
      );
      // a connection on which no stream is opened must not stay either
      node.addEventListener("connection:open", (event) => void sessionOf(event.detail));
      dialer.start();
    },
    async stop() {
      dialer.stop();
      for (const session of [...sessions.values()]) session.end();
      await node?.stop();
    },
    peers: () => [...active.values()].map((s) => s.peer as Peer),
    onPeer: (f) => void watchers.push(f),
    send(to, lane, frame) {
      const session = active.get(to);
      if (session === undefined) return false;
      const sent = session.push(lane, frame);
      if (!sent) counters.dropped();
      return sent;
    },
    onFrame: (lane, f) => void lanes.set(lane, f),
    request(to, method, body, max, signal) {
      const session = active.get(to);
      const open = async () => {
        if (session === undefined) throw requestFailed(method, "unknown peer");
        return session.connection.newStream(REQUEST, { signal, maxOutboundStreams: MAX_REQUEST_STREAMS });
      };
      return ask(open, method, body, max, signal);
    },
    serve: (method, f) => void methods.set(method, f),
    publish(topic, body) {
      const name = utf8(topic);
      const frame = Buffer.concat([Uint8Array.of(name.length), name, body]);
      if (seen.add(seenKey(frame))) flood(frame);
    },
    onPublish: (topic, f) => void topics.set(topic, f),
  };
}

function seenKey(frame: Bytes): string {
  return Buffer.from(sha256(frame)).toString("latin1");
}

function createCounters(metrics: Metrics, active: ReadonlyMap<string, Session>) {
  const sum = (lane: SessionLane) => [...active.values()].reduce((bytes, s) => bytes + s.queuedBytes(lane), 0);
  metrics.gauge("noema_p2p_peers", "Authenticated peers", () => active.size);
  metrics.gauge("noema_p2p_consensus_queue_bytes", "Bytes that wait to be sent on the consensus lane", () => sum("consensus"));
  metrics.gauge("noema_p2p_data_queue_bytes", "Bytes that wait to be sent on the data lane", () => sum("data"));
  const dropped = metrics.counter("noema_p2p_frames_dropped_total", "Frames refused because a queue was full");
  const disconnected = metrics.counter("noema_p2p_faulty_peers_total", "Connections ended because the peer broke a rule");
  return { dropped: () => dropped(), disconnected: () => disconnected() };
}

function addressBook(peers: readonly string[], selfId: string): Map<string, Multiaddr[]> {
  const book = new Map<string, Multiaddr[]>();
  for (const text of peers) {
    const address = parseAddress(text);
    const id = address.getComponents().findLast((c) => c.name === "p2p")?.value;
    if (id === undefined) throw p2pError("P2P_ADDRESS_INVALID", `peer address ${text}: no /p2p/<peer id> at its end`, { address: text });
    if (id !== selfId) book.set(id, [...(book.get(id) ?? []), address]);
  }
  return book;
}

function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch (error) {
    throw p2pError("P2P_ADDRESS_INVALID", `peer address ${text}: ${error instanceof Error ? error.message : error}`, {
      address: text,
    });
  }
}
