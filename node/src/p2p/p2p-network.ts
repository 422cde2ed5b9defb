/** The Network port on libp2p; protocol.ts states the wire. Here its parts are joined: connections.ts, frames.ts, requests.ts, dialer.ts. */
import type { PrivateKey } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import type { Multiaddr } from "@multiformats/multiaddr";
import { servePeers } from "@noema/core/peer-methods";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Network, Peer } from "@noema/core/ports/network";
import type { Random } from "@noema/core/ports/random";
import type { Service } from "@noema/core/ports/service";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import type { Libp2p } from "libp2p";
import { addressBook } from "./address-book.ts";
import { type Connections, createConnections } from "./connections.ts";
import { createDialer } from "./dialer.ts";
import { createFrames, type Frames, onTopic } from "./frames.ts";
import type { HelloContext } from "./hello.ts";
import { startLibp2p } from "./libp2p-node.ts";
import { answers, PING } from "./ping.ts";
import { ASKED_SINCE, CONSENSUS, CONSENSUS_5, DATA, PUBLISH, REQUEST } from "./protocol.ts";
import { answer, ask, type RequestHandler, requestFailed } from "./requests.ts";
import { createServingBudget } from "./serving-budget.ts";
import { createSession, type Session, type SessionLane } from "./session.ts";
import { watchSilence } from "./silence.ts";
import { createUnreachableBook, type Unreachable } from "./unreachable.ts";

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
  /** Of the epoch at hand: who is none shares the room that guests have. */
  isValidator(publicKey: PublicKeyHex): boolean;
  /** Of a configured peer, by its id. */
  nameOf?(peerId: string): string | undefined;
  /** How much a validator's clock is ahead, when it connects. */
  onClock?(publicKey: PublicKeyHex, aheadMs: number): void;
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
    /** Of the configured peers, those that have not been reached for some seconds. */
    unreachable(): Unreachable[];
  };

/** The first of each that the peer knows. */
const LANES = [[CONSENSUS, CONSENSUS_5], [DATA], [PUBLISH]];
/** A peer that takes longer is about to be disconnected. */
const PING_MS = 10_000;
const MAX_REQUEST_STREAMS = 128; // a peer and direction

/** Throws P2P_ADDRESS_INVALID at once; `start` throws P2P_LISTEN_FAILED. */
export function createP2pNetwork(options: P2pOptions, deps: P2pDeps): P2pNetwork {
  const { clock, logger, hello } = deps;
  const self = peerIdFromPrivateKey(deps.privateKey);
  const [selfId, selfBytes] = [self.toString(), self.toMultihash().bytes];
  const addresses = addressBook(options.peers, selfId);
  const methods = new Map<string, RequestHandler>();
  const counters = createCounters(deps.metrics, () => connections.standing());
  const connections: Connections = createConnections({
    ...deps,
    selfId,
    open: (connection, events) =>
      createSession(connection, {
        clock,
        hello,
        selfId: selfBytes,
        ...events,
        onClock: deps.onClock,
        onFrame: (...x) => frames.take(...x),
      }),
    lost(id, reason) {
      if (addresses.has(id)) unreachable.lost(id, reason);
      dialer.lost(id);
    },
    disconnected: counters.disconnected,
  });
  const frames: Frames = createFrames({
    clock,
    logger,
    standing: connections.standing,
    isRival: connections.isRival,
    isValidator: connections.isValidator,
    isOne: () => hello.signer !== undefined && deps.isValidator(hello.signer.publicKey),
    dropped: counters.dropped,
  });
  const budget = createServingBudget(clock, deps.isValidator);
  let node: Libp2p | undefined;
  servePeers({ network: { serve: (name, f) => void methods.set(name, f) }, clock }, PING, async function* () {});

  const unreachable = createUnreachableBook({
    clock,
    logger,
    addressesOf: (id) => (addresses.get(id) ?? []).map(String),
    nameOf: (id) => deps.nameOf?.(id),
  });
  const dialer = createDialer([...addresses.keys()], {
    clock,
    random: deps.random,
    selfId,
    connected: (id) => connections.get(id) !== undefined,
    bannedMs: connections.bannedMs,
    async dial(id) {
      if (node === undefined) return;
      const connection = await node.dial(addresses.get(id) as Multiaddr[]);
      const session = connections.sessionOf(connection);
      if (connection.direction === "outbound")
        for (const protocols of LANES) {
          const stream = await connection.newStream(protocols);
          session.attach(stream.protocol, stream);
        }
      if (!(await session.ready)) throw session.endedBy ?? new Error("the connection ended before Hello");
    },
    failed: unreachable.failed,
    waits: unreachable.waits,
  });
  connections.onPeer((peer, up) => up && unreachable.reached(peer.id));
  let endSilence = () => {};
  const silence = () =>
    watchSilence({
      clock,
      standing: connections.standing,
      ask: (session) => void answers(session, clock, PING_MS).then((does) => does && session.heard()),
      silent: ({ id }) => addresses.has(id) && unreachable.silent(id),
      heard: ({ id }) => unreachable.reached(id),
    });

  function push(to: string, lane: SessionLane, ...parts: readonly Bytes[]): boolean {
    const session = connections.get(to);
    if (session === undefined) return false;
    const sent = session.push(lane, ...parts);
    if (!sent) counters.dropped();
    return sent;
  }

  async function serveRequest(session: Session, stream: Parameters<typeof answer>[0]): Promise<void> {
    stream.pause();
    if (!(await session.ready)) return stream.abort(new Error("no Hello"));
    answer(stream, session.peer as Peer, (method) => methods.get(method), budget);
    stream.resume();
  }

  return {
    id: selfId,
    addresses: () => (node === undefined ? [] : node.getMultiaddrs().map((a) => a.toString())),
    async start() {
      const { sessionOf } = connections;
      node = await startLibp2p(deps.privateKey, options.listen, connections.refuses);
      for (const protocol of LANES.flat())
        await node.handle(protocol, (stream, connection) => sessionOf(connection).attach(protocol, stream), { maxInboundStreams: 1 });
      await node.handle(
        REQUEST,
        (stream, connection) => serveRequest(sessionOf(connection), stream).catch((error) => stream.abort(error)),
        { maxInboundStreams: MAX_REQUEST_STREAMS, maxOutboundStreams: MAX_REQUEST_STREAMS },
      );
      // a connection on which no stream is opened must not stay either
      node.addEventListener("connection:open", (event) => void sessionOf(event.detail));
      for (const id of addresses.keys()) unreachable.sought(id);
      dialer.start();
      endSilence = silence();
    },
    async stop() {
      endSilence();
      dialer.stop();
      unreachable.stop();
      connections.endAll();
      await node?.stop();
    },
    unreachable: unreachable.list,
    peers: () => [...connections.standing()].map((s) => s.peer as Peer),
    onPeer: connections.onPeer,
    send: push,
    onFrame: frames.onFrame,
    request(to, method, body, max, signal) {
      const session = connections.get(to);
      const since = ASKED_SINCE.get(method) ?? 0;
      const open = async () => {
        if (session === undefined) throw requestFailed(method, "unknown peer");
        const spoken = session.peer?.version ?? 0;
        if (spoken < since) throw requestFailed(method, `the peer speaks version ${spoken}; asked is from ${since} on`);
        return session.connection.newStream(REQUEST, { signal, maxOutboundStreams: MAX_REQUEST_STREAMS });
      };
      return ask(open, method, body, max, signal);
    },
    serve: (method, f) => void methods.set(method, f),
    publish: frames.publish,
    onPublish: frames.onPublish,
    tell: (to, topic, body) => push(to, "publish", ...onTopic(topic, body)),
    onTell: frames.onTell,
  };
}

function createCounters(metrics: Metrics, standing: () => Iterable<Session>) {
  const sum = (lane: SessionLane) => [...standing()].reduce((bytes, s) => bytes + s.queuedBytes(lane), 0);
  metrics.gauge("noema_p2p_peers", "Authenticated peers", () => [...standing()].length);
  metrics.gauge("noema_p2p_consensus_queue_bytes", "Bytes that wait to be sent on the consensus lane", () => sum("consensus"));
  metrics.gauge("noema_p2p_data_queue_bytes", "Bytes that wait to be sent on the data lane", () => sum("data"));
  const dropped = metrics.counter("noema_p2p_frames_dropped_total", "Frames refused because a queue was full");
  const disconnected = metrics.counter("noema_p2p_faulty_peers_total", "Connections ended because the peer broke a rule");
  return { dropped: () => dropped(), disconnected: () => disconnected() };
}
