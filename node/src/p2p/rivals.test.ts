/** Two processes with one key at one peer: consensus.md 2.11, rule 5. */
import { utf8 } from "@noema/core/bytes";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { P2pNetwork } from "./p2p-network.ts";
import { createNode, helloOf, KEYS, type NodeOptions } from "./testing/nodes.ts";
import { connectRaw } from "./testing/raw-peer.ts";

const [FIRST, SECOND] = ["aa".repeat(16), "bb".repeat(16)];
const started: P2pNetwork[] = [];
let victim: Awaited<ReturnType<typeof createNode>>;
let frames: string[];

beforeEach(async () => {
  victim = await createNode(0, []);
  frames = [];
  victim.network.onFrame("consensus", (from, frame) => {
    frames.push(`${from.instance?.slice(0, 2)} ${Buffer.from(frame)}`);
    return { ok: true };
  });
  victim.network.serve("question", async function* (from) {
    yield utf8(`${KEYS.indexOf(from.publicKey as PublicKeyHex)} ${from.instance}`);
  });
  await start(victim.network);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((n) => n.stop()));
});

async function start(network: P2pNetwork): Promise<P2pNetwork> {
  started.push(network);
  await network.start(new AbortController().signal);
  return network;
}

/** A process of validator 1's; `key` is that of its peer id. */
async function process1(key: number, instance: string): Promise<P2pNetwork> {
  const options: NodeOptions = { hello: { ...helloOf(1), instance: Buffer.from(instance, "hex") } };
  return start((await createNode(key, victim.network.addresses(), options)).network);
}

const standing = () => victim.network.peers().map((x) => x.instance);

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => (condition() ? resolve() : setImmediate(check));
    check();
  });
}

async function ask(network: P2pNetwork): Promise<string> {
  let answer = "";
  const [peer] = network.peers();
  for await (const chunk of network.request(peer?.id ?? "", "question", new Uint8Array(0), 100, new AbortController().signal))
    answer += Buffer.from(chunk);
  return answer;
}

it.each([
  ["the same peer id", 1],
  ["another peer id", 2],
])("with %s, the first stays while it lives, the second may only ask, and follows it", async (_, key) => {
  const first = await process1(1, FIRST);
  await until(() => standing().length === 1);
  const second = await process1(key, SECOND);
  await until(() => victim.logger.lines.some((x) => x.message === "two processes run with one key"));
  expect(victim.logger.lines.find((x) => x.message === "two processes run with one key")?.fields).toMatchObject({ publicKey: KEYS[1] });
  expect(standing()).toEqual([FIRST]);
  expect(second.send(victim.network.id, "consensus", utf8("vote"))).toBe(true);
  expect(await ask(second)).toBe(`1 ${SECOND}`);
  first.send(victim.network.id, "consensus", utf8("vote"));
  await until(() => frames.length > 0);
  expect(frames).toEqual(["aa vote"]);
  await until(() => victim.logger.lines.some((x) => x.message === "frame refused"));
  expect(victim.logger.lines.find((x) => x.message === "frame refused")?.fields).toMatchObject({
    lane: "consensus",
    code: "P2P_KEY_TWICE",
  });
  await first.stop();
  await until(() => standing()[0] === SECOND);
  second.send(victim.network.id, "consensus", utf8("later"));
  await until(() => frames.includes("bb later"));
});

it("one whose process answers nothing gives its place up", async () => {
  const raw = await connectRaw(victim.network.addresses()[0] as string);
  await raw.hello(helloOf(1));
  await until(() => standing().length === 1);
  await process1(1, SECOND);
  await until(() => standing()[0] === SECOND);
  await raw.closed;
  await raw.stop();
});
