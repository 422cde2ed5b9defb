/** Answers longer than what a reader lets wait: whole, also where the answerer has closed its side while the reader paused. */
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { P2pNetwork } from "./p2p-network.ts";
import { ANSWER_CHUNK } from "./protocol.ts";
import { startNodes } from "./testing/nodes.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
console.log(`NOEMA_SEED=${seed}`);

const MiB = 1 << 20;
const ANSWERS = Number(process.env.NOEMA_ANSWERS ?? 12);
const AT_ONCE = 6;
/** Turns of the event loop. */
const LONGEST_PAUSE = 300;
const signal = new AbortController().signal;

let nodes: Awaited<ReturnType<typeof startNodes>>;
let [reader, server] = [] as unknown as [P2pNetwork, P2pNetwork];
/** Called with each answer's length when all of it was handed to its stream. */
let onSent = (_: number) => {};

beforeAll(async () => {
  nodes = await startNodes(2);
  await nodes.allConnected();
  [reader, server] = nodes.networks as [P2pNetwork, P2pNetwork];
  server.serve("long", async function* (_, body) {
    const length = new DataView(body.buffer, body.byteOffset).getUint32(0);
    for (let at = 0; at < length; at += MiB) yield new Uint8Array(Math.min(MiB, length - at)).fill(1 + at / MiB);
    onSent(length);
  });
});
afterAll(() => nodes.close());

async function readWhole(length: number, between: () => Promise<void>): Promise<void> {
  const body = new Uint8Array(4);
  new DataView(body.buffer).setUint32(0, length);
  let total = 0;
  for await (const piece of reader.request(server.id, "long", body, length, signal)) {
    for (const at of [0, piece.length - 1]) expect(piece[at]).toBe(1 + Math.floor((total + at) / MiB));
    total += piece.length;
    await between();
  }
  expect(total).toBe(length);
}

it.each([5, 6, 7, 8, 9, 10])("takes what its stream still holds when the other side has closed, of %i pieces", async (pieces) => {
  const sent = new Promise<number>((resolve) => (onSent = resolve));
  await readWhole(pieces * ANSWER_CHUNK - 1, async () => {
    await sent;
    await readWhole(1, async () => {}); // comes behind all that was sent before
  });
});

it("reads long answers whole, however slowly", async () => {
  const random = createSeededRandom(seed);
  const pause = async () => {
    for (let left = random.chance(0.3) ? random.integer(LONGEST_PAUSE) : 0; left > 0; left--) await new Promise(setImmediate);
  };
  const readOne = () => readWhole(MiB + random.integer(random.chance(0.5) ? MiB : 4 * MiB), pause);
  for (let done = 0; done < ANSWERS; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, readOne));
});
