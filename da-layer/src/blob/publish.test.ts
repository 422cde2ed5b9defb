import type { PublishProgress } from "@noema/core/ports/data";
import { settle } from "@noema/core/testing/sim-clock";
import { beforeAll, expect, it } from "vitest";
import { testPayload } from "../testing/blob.ts";
import { type BlobLanes, chunked, createBlobLanes, publishUntilCertified } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import type { Kzg } from "./kzg.ts";

let kzg: Kzg;
beforeAll(async () => {
  kzg = await createKnownTauKzg();
});

const DATA = testPayload(1000);

async function four(running = 4): Promise<BlobLanes> {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n]);
  for (let i = 0; i < running; i++) await lanes.start(i);
  await lanes.clock.advanceAsync(20_000);
  return lanes;
}

type Publication = AsyncIterable<PublishProgress>;
const publish = (lanes: BlobLanes, from?: string, data = chunked(DATA)): Publication =>
  lanes.nodes[0]!.lane.publish(data, { namespace: Uint8Array.of(1), bytes: DATA.length, from });

/** The code that it ends with, and the id that the error names. */
const ending = async (publication: Publication) => {
  try {
    for await (const _ of publication);
    return "ended";
  } catch (error) {
    const { code, data } = error as { code: string; data: { id?: string } };
    return data.id === undefined ? code : `${code} ${data.id}`;
  }
};

it("says of a publication at once that it waits for what the worker loads and when that is there, and nothing of those after 15 s", async () => {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n]);
  for (let i = 0; i < 4; i++) await lanes.start(i);
  const neverComes = publish(lanes, "slow", (async function* () {})())[Symbol.asyncIterator]();
  expect((await neverComes.next()).value).toEqual({ step: "preparing", done: 0 }); // before its bytes
  const steps = async (node: number) => {
    const { steps } = await lanes.until(publishUntilCertified(lanes.nodes[node]!.lane, DATA));
    return steps.map(({ step, done }) => `${step} ${done}`).slice(0, 3);
  };
  expect(await steps(1)).toEqual(["preparing 0", "preparing 1", "encoded 1"]);
  expect((await steps(1))[0]).toBe("encoded 1");
  const idle = createBlobLanes(kzg, [1n]);
  await idle.start(0);
  await idle.clock.advanceAsync(15_000);
  expect(await idle.until(publish(idle)[Symbol.asyncIterator]().next())).toMatchObject({ value: { step: "encoded" } });
});

it("goes on when nobody watches any more", async () => {
  const lanes = await four();
  let id: Uint8Array | undefined;
  for await (const progress of publish(lanes)) {
    id = progress.id;
    break; // before it is dispersed
  }
  await lanes.clock.advanceAsync(500);
  expect(await lanes.nodes[0]!.lane.status(id!)).toMatchObject({ bytes: DATA.length, cert: { kind: "blob" } });
});

it("answers at once while the chain stands, and within a second when it stops in the middle, with the id, which goes on", async () => {
  const lanes = await four(2);
  lanes.chain.halted = "halted: 2 of 4 validators, quorum needs 3";
  let read = 0;
  const data = (async function* () {
    read++;
    yield DATA;
  })();
  expect(await ending(publish(lanes, "a", data))).toBe("DA_HALTED");
  expect(read).toBe(0);
  lanes.chain.halted = undefined;
  const running = ending(publish(lanes));
  await lanes.clock.advanceAsync(600);
  lanes.chain.halted = "halted: 2 of 4 validators, quorum needs 3";
  await lanes.clock.advanceAsync(1000);
  const answer = await Promise.race([running, settle().then(() => "nothing")]);
  expect(answer).toMatch(/^DA_HALTED 0x[0-9a-f]{64}$/);
  lanes.chain.halted = undefined;
  for (const i of [2, 3]) await lanes.start(i);
  await lanes.clock.advanceAsync(30_000);
  const id = Buffer.from(answer.slice(-64), "hex");
  expect(await lanes.nodes[0]!.lane.status(id)).toMatchObject({ cert: { kind: "blob" } });
});

it("a halt that passes within half a second ends nothing", async () => {
  const lanes = await four(2);
  const running = ending(publish(lanes));
  await lanes.clock.advanceAsync(600);
  lanes.chain.halted = "halted: for a moment";
  await lanes.clock.advanceAsync(500);
  lanes.chain.halted = undefined;
  await lanes.clock.advanceAsync(1000);
  expect(await Promise.race([running, settle().then(() => "it goes on")])).toBe("it goes on");
});

it("one client's objects wait in its own queue, which has an end, and leave places to the others", async () => {
  const lanes = await four(2); // nothing is certified, so each keeps its place
  const ids: string[] = [];
  const run = async (from: string) => {
    for await (const { step } of publish(lanes, from)) if (step === "encoded") ids.push(from);
  };
  for (let i = 0; i < 22; i++) run("busy").catch(() => {});
  await lanes.clock.advanceAsync(100);
  expect(ids).toHaveLength(6);
  expect(await ending(publish(lanes, "busy"))).toBe("DA_BUSY");
  run("other").catch(() => {});
  await lanes.clock.advanceAsync(100);
  expect(ids.at(-1)).toBe("other");
  for (const i of [2, 3]) await lanes.start(i);
  await lanes.clock.advanceAsync(60_000);
  expect(ids).toHaveLength(23);
});
