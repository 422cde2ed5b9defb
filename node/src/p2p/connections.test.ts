/** Who stands for a peer, without a network. */
import type { Connection } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { BAN_MS } from "./bans.ts";
import { createConnections, MAX_GUESTS, type SessionEvents } from "./connections.ts";
import { p2pError } from "./errors.ts";
import type { Session } from "./session.ts";
import { KEYS } from "./testing/nodes.ts";

const HOST = "10.0.0.1";
const SELF = "m"; // between "a" and "z"

function setUp(validators: readonly PublicKeyHex[] = KEYS) {
  const clock = createSimClock();
  const told: string[] = [];
  const lost: string[] = [];
  const members = new Set(validators);
  const connections = createConnections({
    clock,
    logger: createRecordingLogger(),
    selfId: SELF,
    open: fake,
    isValidator: (key) => members.has(key),
    lost: (id) => void lost.push(id),
    disconnected: () => {},
  });
  connections.onPeer((peer, up) => void told.push(`${up ? "+" : "-"}${peer.id}`));
  let ready = (_: Session) => {};

  function fake(connection: Connection, events: SessionEvents): Session {
    let ended = false;
    ready = events.onReady;
    const session = {
      id: String(connection.remotePeer),
      connection,
      end(reason?: Error, guilty = false) {
        if (ended) return;
        ended = true;
        events.onEnd(session, reason, guilty);
      },
    } as unknown as Session;
    return session;
  }
  /** A session that has said Hello. */
  function connect(id: string, publicKey?: PublicKeyHex, direction = "inbound"): Session {
    const connection = { remotePeer: id, direction, remoteAddr: multiaddr(`/ip4/${HOST}/tcp/1`) } as unknown as Connection;
    const session = Object.assign(connections.sessionOf(connection), { peer: { id, publicKey, instance: "one" } });
    ready(session);
    return session;
  }
  const standing = () => [...connections.standing()];
  return { clock, connections, connect, standing, told, lost, members };
}

it("of two connections with one peer keeps the one that the lesser id dialed, and tells of one peer", () => {
  for (const [id, kept] of [["a", "inbound"], ["z", "outbound"]] as const) // biome-ignore format: two rows
    for (const order of [
      ["inbound", "outbound"],
      ["outbound", "inbound"],
    ]) {
      const { connect, standing, told, lost } = setUp();
      for (const direction of order) connect(id, KEYS[0], direction);
      expect(standing().map((x) => x.connection.direction)).toEqual([kept]);
      expect([told, lost]).toEqual([[`+${id}`], []]);
    }
});

it("a peer that broke a rule is away for a while, under its key as well, and the last session is told of as lost", () => {
  const { clock, connections, connect, standing, told, lost } = setUp();
  connect("a", KEYS[0]).end(p2pError("P2P_FRAME_SLOW", "slow"), true);
  expect([told, lost]).toEqual([["+a", "-a"], ["a"]]);
  connect("b", KEYS[0], "outbound"); // who is dialed comes from no host
  expect(connections.refuses(HOST)).toBe(false);
  connect("a", KEYS[1]);
  expect(standing()).toEqual([]);
  expect(connections.bannedMs("a")).toBe(BAN_MS);
  expect([connections.refuses(HOST), connections.refuses("10.0.0.2")]).toEqual([true, false]);
  clock.advance(BAN_MS);
  connect("b", KEYS[0]);
  expect(standing()).toHaveLength(1);
});

it("guests have room of their own: the first goes for one too many, and no validator does", () => {
  const { connect, standing, members } = setUp(KEYS.slice(0, 2));
  connect("validator", KEYS[0]);
  connect("later a validator", KEYS[2]); // a key that is in no set yet
  for (let i = 1; i < MAX_GUESTS; i++) connect(`guest ${i}`);
  expect(standing()).toHaveLength(1 + MAX_GUESTS);
  members.add(KEYS[2] as PublicKeyHex);
  connect("one more");
  expect(standing()).toHaveLength(2 + MAX_GUESTS);
  connect("too many");
  const ids = standing().map((x) => x.id);
  expect(ids).toHaveLength(2 + MAX_GUESTS);
  expect(ids).not.toContain("guest 1");
  expect(ids).toEqual(expect.arrayContaining(["validator", "later a validator", "too many"]));
});
