/**
 * Network port between peers of one process. Frames of one pair and lane keep their order, whatever their delays; without a
 * clock a frame arrives in a later microtask. Loss and partitions drop frames silently and the peers stay listed, as on a real
 * network before its time-outs; a request that is lost fails. `disconnect` verdicts cut the pair until `heal`.
 */
import type { Bytes } from "../ports/bytes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lane, Network, Peer, Verdict } from "../ports/network.ts";
import type { PublicKeyHex } from "../ports/signing.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { answerRequest, type RequestHandler } from "./sim-request.ts";

export type SimNetworkOptions = {
  /** Without it frames arrive in the next microtask. */
  clock?: Clock;
  /** Needed for loss. */
  random?: SeededRandom;
  /** One way; called for each frame. */
  delayMs?: (from: string, to: string) => number;
  loss?: number;
};

export type SimPeer = Network & {
  readonly id: string;
  /** The process dies: nothing more arrives here or leaves here. The id may join again. */
  leave(): void;
};

export type SimNetwork = {
  /** Everybody who joins is connected to everybody else. */
  join(id: string, publicKey?: PublicKeyHex): SimPeer;
  /** Frames pass only inside a group; a peer in no group is alone. */
  partition(groups: readonly (readonly string[])[]): void;
  /** Ends partitions and reconnects the pairs that a verdict cut. */
  heal(): void;
  setLoss(p: number): void;
  setDelay(delayMs: (from: string, to: string) => number): void;
  /** Every verdict that was not ok; code HANDLER_FAILED with the message when a handler threw. */
  readonly verdicts: { at: string; from: string; code: string; action: string }[];
};

type Handler = (from: Peer, frame: Bytes) => Verdict | Promise<Verdict>;
type Member = {
  peer: Peer;
  alive: boolean;
  lanes: Map<Lane, Handler>;
  topics: Map<string, Handler>;
  methods: Map<string, RequestHandler>;
  watchers: ((peer: Peer, up: boolean) => void)[];
};

export function createSimNetwork(options: SimNetworkOptions = {}): SimNetwork {
  const { clock, random } = options;
  let delayMs = options.delayMs ?? (() => 0);
  let loss = options.loss ?? 0;
  let groups: readonly (readonly string[])[] | undefined;
  const members = new Map<string, Member>();
  const cut = new Set<string>();
  const lastArrival = new Map<string, number>();
  const verdicts: SimNetwork["verdicts"] = [];

  function connected(a: Member, b: Member): boolean {
    return a.alive && b.alive && !cut.has(pair(a.peer.id, b.peer.id));
  }
  function passes(from: string, to: string): boolean {
    if (groups !== undefined && !groups.some((g) => g.includes(from) && g.includes(to))) return false;
    return loss === 0 || random === undefined || !random.chance(loss);
  }
  /** False when lost. `run` is called unless one side dies or is cut off before the arrival. */
  function carry(from: Member, to: Member, channel: string, run: () => void): boolean {
    if (!passes(from.peer.id, to.peer.id)) return false;
    const arrive = () => connected(from, to) && run();
    if (clock === undefined) {
      queueMicrotask(arrive);
      return true;
    }
    const link = `${from.peer.id} ${to.peer.id} ${channel}`;
    const at = Math.max(clock.nowMs() + delayMs(from.peer.id, to.peer.id), lastArrival.get(link) ?? 0);
    lastArrival.set(link, at);
    clock.after(at - clock.nowMs(), arrive);
    return true;
  }
  async function judge(at: Member, from: Member, handler: Handler | undefined, frame: Bytes): Promise<void> {
    if (handler === undefined) return;
    const verdict = await verdictOf(handler, from.peer, frame);
    if (verdict.ok) return;
    verdicts.push({ at: at.peer.id, from: from.peer.id, code: verdict.code, action: verdict.action });
    if (verdict.action === "disconnect") disconnect(at, from);
  }
  function disconnect(a: Member, b: Member): void {
    if (!connected(a, b)) return;
    cut.add(pair(a.peer.id, b.peer.id));
    tell(a, b.peer, false);
    tell(b, a.peer, false);
  }
  function tell(member: Member, peer: Peer, up: boolean): void {
    for (const watcher of member.watchers) watcher(peer, up);
  }
  function others(member: Member): Member[] {
    return [...members.values()].filter((m) => m !== member && connected(member, m));
  }
  function find(member: Member, id: string): Member | undefined {
    const other = members.get(id);
    return other !== undefined && other !== member && connected(member, other) ? other : undefined;
  }

  function networkOf(self: Member): SimPeer {
    return {
      id: self.peer.id,
      peers: () => others(self).map((m) => m.peer),
      onPeer: (f) => void self.watchers.push(f),
      send(to, lane, frame) {
        const target = find(self, to);
        if (target === undefined) return false;
        const copy = Uint8Array.from(frame);
        carry(self, target, lane, () => void judge(target, self, target.lanes.get(lane), copy));
        return true;
      },
      onFrame: (lane, f) => void self.lanes.set(lane, f),
      request(to, method, body, max, signal) {
        const target = find(self, to);
        const server = target && { handler: target.methods.get(method), from: self.peer };
        return answerRequest(server, method, Uint8Array.from(body), max, signal, {
          there: (run) => target !== undefined && carry(self, target, `request ${method}`, run),
          back: (run) => target !== undefined && carry(target, self, `answer ${method}`, run),
        });
      },
      serve: (method, f) => void self.methods.set(method, f),
      publish(topic, body) {
        const copy = Uint8Array.from(body);
        for (const m of others(self)) carry(self, m, `topic ${topic}`, () => void judge(m, self, m.topics.get(topic), copy));
      },
      onPublish: (topic, f) => void self.topics.set(topic, f),
      tell(to, topic, body) {
        const target = find(self, to);
        if (target === undefined) return false;
        const copy = Uint8Array.from(body);
        carry(self, target, `topic ${topic}`, () => void judge(target, self, target.topics.get(topic), copy));
        return true;
      },
      onTell: (topic, f) => void self.topics.set(topic, f),
      leave() {
        const known = others(self);
        self.alive = false;
        members.delete(self.peer.id);
        for (const m of known) tell(m, self.peer, false);
      },
    };
  }

  return {
    verdicts,
    join(id, publicKey) {
      if (members.has(id)) throw new Error(`${id} has joined already`);
      const peer: Peer = publicKey === undefined ? { id } : { id, publicKey };
      const self: Member = { peer, alive: true, lanes: new Map(), topics: new Map(), methods: new Map(), watchers: [] };
      members.set(id, self);
      for (const m of others(self)) {
        // the newcomer's own watchers are registered after `join` returns
        queueMicrotask(() => connected(self, m) && tell(self, m.peer, true));
        tell(m, peer, true);
      }
      return networkOf(self);
    },
    partition(g) {
      groups = g;
    },
    heal() {
      groups = undefined;
      const pairs = [...cut];
      cut.clear();
      for (const p of pairs) {
        const [a, b] = p.split("\n").map((id) => members.get(id));
        if (a === undefined || b === undefined) continue;
        tell(a, b.peer, true);
        tell(b, a.peer, true);
      }
    },
    setLoss(p) {
      loss = p;
    },
    setDelay(f) {
      delayMs = f;
    },
  };
}

async function verdictOf(handler: Handler, from: Peer, frame: Bytes): Promise<Verdict> {
  try {
    return await handler(from, frame);
  } catch (error) {
    return { ok: false, code: `HANDLER_FAILED: ${error instanceof Error ? error.message : error}`, action: "ignore" };
  }
}

function pair(a: string, b: string): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`;
}
