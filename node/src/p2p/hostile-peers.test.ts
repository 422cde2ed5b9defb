import { connect } from "node:net";
import { ZERO_HASH } from "@noema/core/bytes";
import type { PublicKeyHex, Signer } from "@noema/core/ports/signing";
import { createSimClock } from "@noema/core/testing/sim-clock";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { BAN_MS, HOST_MS } from "./bans.ts";
import { encodeFrame } from "./framing.ts";
import { encodeHello, type HelloContext, helloType } from "./hello.ts";
import type { P2pNetwork } from "./p2p-network.ts";
import { CONSENSUS, DATA, FRAME_TIMEOUT_MS, HELLO_TIMEOUT_MS, MAX_DATA_FRAME, MAX_REJECTS, PUBLISH, REQUEST, VERSION } from "./protocol.ts";
import { createNode, helloOf, KEYS, untilPeers } from "./testing/nodes.ts";
import { connectRaw } from "./testing/raw-peer.ts";

const clock = createSimClock(Date.now());
let victim: Awaited<ReturnType<typeof createNode>>;
let address = "";

beforeAll(async () => {
  victim = await createNode(0, [], { clock });
  await victim.network.start(new AbortController().signal);
  address = victim.network.addresses()[0] as string;
});
afterAll(() => victim.network.stop());
beforeEach(() => {
  victim.logger.lines.length = 0;
  clock.advance(2 * BAN_MS); // a ban outlives its test: the key is the same in all, and a second one lasts longer
});

const codes = () => victim.logger.lines.filter((l) => l.message === "peer disconnected").map((l) => l.fields.code);

/** Turns of the event loop, and simulated time, until `done`. */
async function passTime(done: Promise<unknown>, ms: number): Promise<void> {
  let ended = false;
  void done.then(() => (ended = true));
  while (!ended) {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const valid = helloOf(1);
const { sign } = valid.signer as Signer;
const wrong = (change: Partial<HelloContext>): HelloContext => ({ ...valid, ...change });

it.each<[string, HelloContext, string]>([
  ["another chain", wrong({ genesisHash: new Uint8Array(32).fill(9) }), "P2P_GENESIS_MISMATCH"],
  ["another fork schedule", wrong({ specHash: new Uint8Array(32).fill(9) }), "P2P_SPEC_MISMATCH"],
  ["another's key", wrong({ signer: { publicKey: KEYS[2] as PublicKeyHex, sign } }), "P2P_VALIDATOR_INVALID"],
  ["bytes that are no key", wrong({ signer: { publicKey: "ff".repeat(48) as PublicKeyHex, sign } }), "P2P_VALIDATOR_INVALID"],
])("disconnects a Hello with %s", async (_, context, code) => {
  const raw = await connectRaw(address);
  await raw.hello(context);
  await raw.closed;
  expect(codes()).toEqual([code]);
  expect(victim.network.peers()).toEqual([]);
  await raw.stop();
});

it("disconnects a Hello copied from another peer, and an expired one", async () => {
  const copied = await connectRaw(address);
  await copied.hello(valid, new Uint8Array(38).fill(1));
  await copied.closed;
  const expired = await connectRaw(address);
  await expired.hello(valid, undefined, Date.now() - 3 * 24 * 3600_000);
  await expired.closed;
  expect(codes()).toEqual(["P2P_VALIDATOR_INVALID", "P2P_VALIDATOR_INVALID"]);
  for (const raw of [copied, expired]) await raw.stop();
});

it("disconnects another version, bytes that are no Hello, and a length beyond a Hello's", async () => {
  const hellos = [
    encodeFrame(
      helloType.serialize({ version: 1, genesisHash: ZERO_HASH, specHash: ZERO_HASH, instance: new Uint8Array(16), validator: null }),
    ),
    encodeFrame(new Uint8Array(100).fill(255)),
    Buffer.from([0x7f, 0xff, 0xff, 0xff]),
  ];
  for (const bytes of hellos) {
    const raw = await connectRaw(address);
    (await raw.open(CONSENSUS)).send(bytes);
    await raw.closed;
    await raw.stop();
  }
  expect(codes()).toEqual(["P2P_VERSION_MISMATCH", "P2P_HELLO_INVALID", "P2P_FRAME_TOO_LARGE"]);
});

it("takes a correct Hello (the control), then disconnects an oversized frame, and stays away for a while", async () => {
  const raw = await connectRaw(address);
  await raw.hello(valid);
  await untilPeers(victim.network, 1);
  expect(victim.network.peers()[0]?.publicKey).toBe(KEYS[1]);
  const data = await raw.open(DATA);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(MAX_DATA_FRAME + 1);
  data.send(head);
  await raw.closed;
  expect(codes()).toEqual(["P2P_FRAME_TOO_LARGE"]);
  const again = await connectRaw(address); // another id, the same key
  await again.hello(valid);
  await again.closed;
  expect(victim.network.peers()).toEqual([]);
  await expect(connectRaw(address)).rejects.toThrow(); // from that host nobody gets as far as a handshake now
  clock.advance(HOST_MS);
  const third = await connectRaw(address);
  await third.hello(valid);
  await third.closed;
  clock.advance(HOST_MS);
  await expect(connectRaw(address)).rejects.toThrow();
  clock.advance(BAN_MS);
  const forgiven = await connectRaw(address);
  await forgiven.hello(valid);
  await untilPeers(victim.network, 1);
  for (const peer of [raw, again, third, forgiven]) await peer.stop();
  await untilPeers(victim.network, 0);
});

it("keeps what a peer sends while its Hello is still being checked", async () => {
  const received: string[] = [];
  const done = Promise.withResolvers<void>();
  victim.network.onFrame("consensus", (_from, frame) => {
    if (received.push(Buffer.from(frame).toString()) === 3) done.resolve();
    return { ok: true };
  });
  const raw = await connectRaw(address);
  const stream = await raw.open(CONSENSUS);
  const large = "c".repeat(5000); // longer than a Hello may be
  const frames = [await encodeHello(valid, VERSION, raw.peerId, Date.now()), ...["a", "b", large].map((x) => Buffer.from(x))];
  stream.send(Buffer.concat(frames.map((x) => encodeFrame(x))));
  await done.promise;
  expect(received).toEqual(["a", "b", large]);
  expect(codes()).toEqual([]);
  await raw.stop();
});

it("disconnects who says nothing, who never finishes a frame, and without blame who is silent in the midst of one", async () => {
  const silent = await connectRaw(address);
  await passTime(silent.closed, HELLO_TIMEOUT_MS);
  const slow = await connectRaw(address);
  const stream = await slow.hello(valid, undefined, clock.nowMs());
  await untilPeers(victim.network, 1);
  stream.send(Uint8Array.of(0, 0, 1));
  let ended = false;
  slow.closed.then(() => (ended = true));
  for (let turn = 0; !ended; turn++) {
    if (turn % 100 === 0 && stream.status === "open") stream.send(Uint8Array.of(0));
    clock.advance(FRAME_TIMEOUT_MS / 12_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(codes()).toEqual(["P2P_HELLO_INVALID", "P2P_FRAME_SLOW"]);
  clock.advance(2 * BAN_MS);
  const cut = await connectRaw(address);
  const partial = await cut.hello(valid, undefined, clock.nowMs());
  await untilPeers(victim.network, 1);
  partial.send(Uint8Array.of(0, 0, 1));
  await passTime(cut.closed, 500);
  expect(codes()).toHaveLength(2);
  for (const raw of [silent, slow, cut]) await raw.stop();
});

it("survives garbage on the socket and on every protocol, and still serves an honest peer", async () => {
  const port = Number(/tcp\/(\d+)/.exec(address)?.[1]);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.constantFrom("tcp", CONSENSUS, DATA, PUBLISH, REQUEST), garble),
    { numRuns: 40 },
  );
  async function garble(bytes: Uint8Array, where: string): Promise<void> {
    if (where === "tcp") {
      const socket = connect(port, "127.0.0.1");
      // refused at once when many came before: that too is an answer
      await new Promise((done) => socket.once("connect", done).on("error", done));
      socket.end(bytes);
      socket.destroy();
      return;
    }
    const raw = await connectRaw(address).catch(() => undefined); // refused for a second when many came before
    if (raw === undefined) return;
    if (where !== CONSENSUS) await raw.hello(wrong({ signer: undefined }), undefined, clock.nowMs());
    const stream = await raw.open(where).catch(() => undefined);
    if (stream?.writeStatus === "writable") stream.send(bytes);
    await raw.stop();
  }
  const honest = await createNode(3, [address]);
  await honest.network.start(new AbortController().signal);
  const connected = untilValidator(victim.network, KEYS[3]);
  await passTime(connected, 1);
  await honest.network.stop();
});

function untilValidator(network: P2pNetwork, publicKey: string | undefined): Promise<void> {
  return new Promise((resolve) => {
    const check = () => network.peers().some((p) => p.publicKey === publicKey) && resolve();
    network.onPeer(check);
    check();
  });
}

const refused = () => victim.logger.lines.filter((l) => l.message === "frame refused").map((l) => l.fields.code);

it("disconnects a publication without a topic, and who sends what is rejected again and again", async () => {
  const nameless = await connectRaw(address);
  await nameless.hello(valid, undefined, clock.nowMs());
  (await nameless.open(PUBLISH)).send(encodeFrame(Uint8Array.of(0, 1, 2)));
  await nameless.closed;
  victim.network.onFrame("data", () => ({ ok: false, code: "DA_EQUIVOCATION", action: "reject" }));
  const stubborn = await connectRaw(address);
  await stubborn.hello(wrong({ signer: undefined }), undefined, clock.nowMs());
  const stream = await stubborn.open(DATA);
  for (let i = 0; i < MAX_REJECTS; i++) stream.send(encodeFrame(Uint8Array.of(i)));
  await stubborn.closed;
  expect(codes()).toEqual(["P2P_FRAME_INVALID", "P2P_TOO_MANY_REJECTS"]);
  for (const raw of [nameless, stubborn]) await raw.stop();
});

it("blames no peer for a topic that nobody takes here, nor for a handler that fails", async () => {
  victim.network.onFrame("data", () => {
    throw new TypeError("a fault of ours");
  });
  const raw = await connectRaw(address);
  await raw.hello(wrong({ signer: undefined }), undefined, clock.nowMs());
  const topic = Buffer.from("nobody's");
  (await raw.open(PUBLISH)).send(encodeFrame(Buffer.concat([Uint8Array.of(topic.length), topic, Uint8Array.of(1)])));
  (await raw.open(DATA)).send(encodeFrame(Uint8Array.of(1)));
  while (refused().length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(refused().toSorted()).toEqual(["P2P_HANDLER_FAILED", "P2P_NO_HANDLER"]);
  expect(codes()).toEqual([]);
  await raw.stop();
});
