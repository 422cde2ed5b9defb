/** Two processes with one key: the simulated network, real votes (consensus.md 2.11). */
import { equalBytes } from "@noema/core/bytes";
import { maxAnswer } from "@noema/core/peer-methods";
import type { SimPeer } from "@noema/core/testing/sim-network";
import { afterEach, expect, test } from "vitest";
import type { Vote } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import { decodeFrame } from "../wire/frame.ts";
import { METHODS } from "./methods.ts";
import { LONGER_WAIT_MS } from "./own-key.ts";
import { type Cluster, createCluster, type Member } from "./testing/cluster.ts";

let cluster: Cluster;
afterEach(() => cluster?.stop());

const IN_USE = expect.objectContaining({ code: "KEY_IN_USE" });
const member = (index: number) => cluster.members[index] as Member;
const height = (index = 0) => member(index).consensus.status().height;
const saidBy = (m: Member, message: string) => m.logger.lines.filter((x) => x.message === message);

async function running(validators = [0, 1, 2, 3]): Promise<void> {
  cluster = await createCluster(4, { keys: "keyed" });
  for (const i of validators) await cluster.start(i);
}

test("a copied key with a fresh log is refused while its owner lives, and nothing of it is signed", async () => {
  await running();
  await cluster.until(() => height() >= 5);
  const twin = await cluster.startTwin(3, { copyLog: false });
  await cluster.until(() => twin.ended !== undefined);
  expect(twin.ended).toEqual(IN_USE);
  expect(twin.signed).toEqual([]);
  const reached = height();
  await cluster.until(() => height() >= reached + 5);
  expect(member(3).ended).toBeUndefined();
  for (const i of [0, 1, 2]) expect(saidBy(member(i), "equivocation")).toEqual([]);
});

test("a copied log does not help it", async () => {
  await running();
  await cluster.until(() => height() >= 5);
  const twin = await cluster.startTwin(2, { copyLog: true });
  await cluster.until(() => twin.ended !== undefined);
  expect(twin.ended).toEqual(IN_USE);
  expect(twin.signed).toEqual([]);
});

test("negative control: two that do not listen sign two votes in one view, and the others name the validator", async () => {
  cluster = await createCluster(4, { keys: "keyed" });
  await cluster.startTwin(3, { copyLog: false, listens: false });
  for (const i of [0, 1, 2]) await cluster.start(i);
  await cluster.startTwin(3, { copyLog: false, listens: false }); // the others answer this one; the first nullifies the view that it finalizes
  await cluster.until(() => [0, 1, 2].some((i) => saidBy(member(i), "equivocation").length > 0));
  const [said] = [0, 1, 2].flatMap((i) => saidBy(member(i), "equivocation"));
  expect(said?.fields).toMatchObject({ validator: 3 });
});

test("the votes of an owner that has ended bar a fresh log, and not the log that knows them", async () => {
  await running();
  await cluster.until(() => height() >= 5);
  await member(3).kill();
  const stranger = await cluster.startTwin(3, { copyLog: false });
  await cluster.until(() => stranger.ended !== undefined);
  expect(stranger.ended).toEqual(
    expect.objectContaining({ code: "KEY_IN_USE", message: expect.stringContaining("which this vote log does not know") }),
  );
  await stranger.kill();
  const again = await cluster.start(3);
  const reached = height();
  await cluster.until(() => height(3) >= reached + 3);
  expect(again.ended).toBeUndefined();
});

test("a lost log has a rule of its own", async () => {
  await running();
  await cluster.until(() => height() >= 5);
  await member(3).kill();
  const again = await cluster.start(3, { loseLog: true });
  const reached = height();
  await cluster.until(() => height(3) >= reached + 3 && again.signed.length > 0);
  expect(again.ended).toBeUndefined();
});

test("all that start together answer each other, without a wait", async () => {
  await running();
  await cluster.until(() => height() >= 3);
  for (const i of [0, 1, 2, 3]) await member(i).kill();
  const began = cluster.clock.nowMs();
  const members = await Promise.all([0, 1, 2, 3].map((i) => cluster.start(i)));
  await Promise.all(members.map((x) => cluster.until(() => x.free)));
  expect(cluster.clock.nowMs() - began).toBeLessThan(LONGER_WAIT_MS / 10);
});

test("two that start at once with one key do not both get in", async () => {
  await running([0, 1, 2]);
  await cluster.until(() => height() >= 3);
  const twins = await Promise.all([cluster.startTwin(3, { copyLog: false }), cluster.startTwin(3, { copyLog: false })]);
  await cluster.until(() => twins.some((x) => x.ended !== undefined));
  await cluster.until(() => height() >= 20);
  expect(twins.filter((x) => x.ended === undefined).length).toBeLessThan(2);
  for (const i of [0, 1, 2]) expect(saidBy(member(i), "equivocation")).toEqual([]);
});

test("no peer can keep a validator from starting: what it makes up, sends back or leaves out changes nothing", async () => {
  cluster = await createCluster(4, { keys: "keyed" });
  const liar: SimPeer = cluster.network.join("liar", cluster.keyOf(2));
  let asked = 0;
  liar.serve(METHODS.ownKey.name, async function* (from, body) {
    asked++;
    const forged = new Uint8Array(maxAnswer(METHODS.ownKey)).fill(asked);
    let returned: Uint8Array = forged;
    try {
      for await (const chunk of liar.request(from.id, METHODS.aliveProof.name, body, 200, new AbortController().signal)) returned = chunk;
    } catch {
      // it signs no answer to its own question
    }
    expect(equalBytes(returned, forged)).toBe(true);
    yield returned;
  });
  for (const i of [0, 1, 3]) await cluster.start(i);
  await cluster.until(() => height() >= 3);
  expect(asked).toBeGreaterThan(0);
  for (const i of [0, 1, 3]) expect(member(i).ended).toBeUndefined();
});

test("nobody to ask: nothing is signed, it is said once, and one answer is enough after a while", async () => {
  cluster = await createCluster(4, { keys: "keyed" });
  const first = await cluster.start(0);
  await cluster.clock.advanceAsync(3 * LONGER_WAIT_MS);
  expect(first.signed).toEqual([]);
  expect(saidBy(first, "no validator has told whether the own key is in use elsewhere: nothing is signed until one does")).toHaveLength(1);
  const votes: Vote[] = [];
  const second = cluster.network.join("v1", cluster.keyOf(1));
  second.onFrame("consensus", (_, frame) => {
    const message: Message = decodeFrame(frame);
    if (message.type === "Vote") votes.push(message.vote);
    return { ok: true };
  });
  second.serve(METHODS.ownKey.name, async function* () {
    yield Uint8Array.of(8, 0, 0, 0, 8, 0, 0, 0); // no votes, no proofs
  });
  await cluster.until(() => votes.length > 0);
});

test("a twin that is connected and does not answer keeps the other waiting, until it is gone", async () => {
  await running([0, 1, 2]);
  const silent = cluster.network.join("silent", cluster.keyOf(3));
  const waits = await cluster.start(3);
  await cluster.clock.advanceAsync(10 * LONGER_WAIT_MS);
  expect(waits.signed).toEqual([]);
  silent.leave();
  await cluster.until(() => waits.signed.length > 0);
});
