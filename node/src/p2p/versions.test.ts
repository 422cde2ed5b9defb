/** Which version two peers speak, over which stream they find it out, and what is not asked of the older one. */
import type { Stream } from "@libp2p/interface";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createFrameReader, encodeFrame } from "./framing.ts";
import { encodeHello, helloType } from "./hello.ts";
import { startLibp2p } from "./libp2p-node.ts";
import { ASKED_SINCE, CONSENSUS, CONSENSUS_5, MAX_HELLO_BYTES, OLDEST_VERSION, VERSION } from "./protocol.ts";
import { createNode, helloOf, peerKey, untilPeers } from "./testing/nodes.ts";
import { connectRaw } from "./testing/raw-peer.ts";

const signal = new AbortController().signal;
let node: Awaited<ReturnType<typeof createNode>>;
let address = "";
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  node = await createNode(0, []);
  await node.network.start(signal);
  address = node.network.addresses()[0] as string;
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await untilPeers(node.network, 0);
});
afterAll(() => node.network.stop());

/** Says Hello without a validator's key; resolves with the version that the other side says. */
async function greet(stream: Stream, version: number, peerId: Uint8Array): Promise<number> {
  const heard = new Promise<number>((resolve) => {
    const reader = createFrameReader(
      () => MAX_HELLO_BYTES,
      (frame) => resolve(helloType.deserialize(frame.slice()).version),
    );
    stream.addEventListener("message", (event) => reader.push(event.data.subarray()));
  });
  const { signer: _, ...guest } = helloOf(1);
  stream.send(encodeFrame(await encodeHello(guest, version, peerId, Date.now())));
  return heard;
}

const spoken = () => node.network.peers().map(({ version }) => version);

async function comes(protocol: string, version: number) {
  const raw = await connectRaw(address);
  stops.push(raw.stop);
  return { raw, said: await greet(await raw.open(protocol), version, raw.peerId) };
}

it.each([
  ["as new as this node", CONSENSUS, VERSION, VERSION, VERSION],
  ["newer", CONSENSUS, VERSION + 1, VERSION, VERSION],
  ["older, and it says so", CONSENSUS, OLDEST_VERSION, VERSION, OLDEST_VERSION],
  ["of the oldest version, which takes no other's Hello", CONSENSUS_5, OLDEST_VERSION, OLDEST_VERSION, OLDEST_VERSION],
])("speaks the lower of the two with a peer that is %s", async (_, protocol, version, said, both) => {
  expect((await comes(protocol, version)).said).toBe(said);
  await untilPeers(node.network, 1);
  expect(spoken()).toEqual([both]);
});

it("refuses a peer below the oldest version, by its code", async () => {
  const { raw } = await comes(CONSENSUS, OLDEST_VERSION - 1);
  await raw.closed;
  expect(node.logger.lines.flatMap(({ fields }) => fields.code ?? [])).toEqual(["P2P_VERSION_MISMATCH"]);
});

it("dials a node of the oldest version by the stream that it knows, and asks it for nothing that came later", async () => {
  const asked: string[] = [];
  const old = await startLibp2p(await peerKey(2), ["/ip4/127.0.0.1/tcp/0"]);
  stops.push(async () => old.stop());
  const said = new Promise<number>((resolve, reject) => {
    void old.handle(CONSENSUS_5, (stream) => void greet(stream, OLDEST_VERSION, old.peerId.toMultihash().bytes).then(resolve, reject));
  });
  await old.handle(["/noema/1/data", "/noema/1/publish"], () => {});
  await old.handle("/noema/1/req", (stream) => {
    asked.push(stream.protocol);
    stream.abort(new Error("it knows no such question"));
  });
  const dialer = await createNode(3, [old.getMultiaddrs()[0]?.toString() as string]);
  await dialer.network.start(signal);
  stops.push(() => dialer.network.stop());
  await untilPeers(dialer.network, 1);
  expect(await said).toBe(OLDEST_VERSION);
  const [peer] = dialer.network.peers();
  expect(peer?.version).toBe(OLDEST_VERSION);
  const ask = async (method: string) => {
    for await (const _ of dialer.network.request(peer?.id as string, method, new Uint8Array(0), 100, signal));
  };
  for (const method of ASKED_SINCE.keys()) await expect(ask(method)).rejects.toMatchObject({ code: "REQUEST_FAILED" });
  expect(asked).toEqual([]);
  await expect(ask("data/batch")).rejects.toMatchObject({ code: "REQUEST_FAILED" });
  expect(asked).toHaveLength(1);
});
