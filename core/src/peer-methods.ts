/** Questions between peers: what one may carry, how often it may be asked, and both of its ends. */
import { createBoundedMap } from "./bounded.ts";
import { coreError } from "./errors.ts";
import type { Bytes } from "./ports/bytes.ts";
import type { Clock } from "./ports/clock.ts";
import type { Network, Peer } from "./ports/network.ts";
import { decodeBounded } from "./types/ssz.ts";

/** An SSZ type is one. */
export type Coding<T> = { serialize(value: T): Bytes; deserialize(data: Bytes): T; typeName: string; maxSize: number };

/** A row of a package's table; its quota stands there with its reason. */
export type PeerMethod<Q, A> = {
  name: string;
  question: Coding<Q>;
  /** Of one item, which travels as one chunk: at most 256 KiB. */
  answer: Coding<A>;
  /** Most items of an answer. */
  items: number;
  /** Questions of one peer in a second; more fail with REQUEST_FAILED. */
  perSecond: number;
};

export const NOTHING: Coding<undefined> = {
  typeName: "Nothing",
  maxSize: 0,
  serialize: () => new Uint8Array(0),
  deserialize: () => undefined,
};

/** A value whose SSZ form differs from it. */
export function converted<T, V>(ssz: Coding<V>, to: (value: T) => V, from: (raw: V) => T): Coding<T> {
  const { typeName, maxSize } = ssz;
  return { typeName, maxSize, serialize: (value) => ssz.serialize(to(value)), deserialize: (data) => from(ssz.deserialize(data)) };
}

/** Bytes of the longest answer. */
export function maxAnswer<Q, A>({ items, answer }: PeerMethod<Q, A>): number {
  return items * answer.maxSize;
}

/** At most `items` of the answer, as they come. Throws REQUEST_FAILED, SSZ_INVALID, or the signal's reason. */
export async function* askPeer<Q, A>(
  network: Pick<Network, "request">,
  to: string,
  method: PeerMethod<Q, A>,
  value: Q,
  signal: AbortSignal,
  items: number = method.items,
): AsyncIterable<A> {
  let left = items;
  for await (const chunk of network.request(to, method.name, method.question.serialize(value), maxAnswer(method), signal)) {
    if (left-- === 0) return;
    yield decodeBounded(method.answer, chunk);
  }
}

/** The first item. Throws as `askPeer`, and REQUEST_FAILED where there is none. */
export async function askOne<Q, A>(
  network: Pick<Network, "request">,
  to: string,
  method: PeerMethod<Q, A>,
  value: Q,
  signal: AbortSignal,
): Promise<A> {
  for await (const item of askPeer(network, to, method, value, signal)) return item;
  if (method.answer.maxSize === 0) return method.answer.deserialize(new Uint8Array(0)); // nothing may travel as no chunk at all
  throw coreError("REQUEST_FAILED", `request ${method.name}: an empty answer`);
}

type Handler<Q, T> = (from: Peer, question: Q, signal: AbortSignal) => AsyncIterable<T>;
type Serving = { network: Pick<Network, "serve">; clock: Clock };

export function servePeers<Q, A>(serving: Serving, method: PeerMethod<Q, A>, handler: Handler<Q, A>): void {
  serveStored(serving, method, async function* (from, question, signal) {
    for await (const item of handler(from, question, signal)) yield method.answer.serialize(item);
  });
}

/** The handler gives items as they are encoded. */
export function serveStored<Q, A>({ network, clock }: Serving, method: PeerMethod<Q, A>, handler: Handler<Q, Bytes>): void {
  const mayAsk = createLimit(clock, method.perSecond);
  network.serve(method.name, async function* (from, body, signal) {
    if (!mayAsk(from)) throw coreError("REQUEST_FAILED", "too many questions");
    yield* handler(from, decodeBounded(method.question, body), signal);
  });
}

/** More than can be connected at once. */
const REMEMBERED = 1024;

/** By key where one is proved: it stays with whoever has it, under each index and peer id. */
function createLimit(clock: Clock, perSecond: number): (from: Peer) => boolean {
  const asked = createBoundedMap<string, { since: number; count: number }>(REMEMBERED);
  return ({ id, publicKey }) => {
    const [who, now] = [publicKey ?? id, clock.nowMs()];
    const last = asked.get(who);
    const window = last === undefined || now - last.since >= 1000 ? { since: now, count: 0 } : last;
    asked.set(who, window);
    return ++window.count <= perSecond;
  };
}
