/** A node without a key among validators, which send it nothing by themselves. */
import { afterEach, expect, test } from "vitest";
import { type Cluster, createCluster, type Member } from "./testing/cluster.ts";

let cluster: Cluster;
afterEach(() => cluster?.stop());

const member = (i: number) => cluster.members[i] as Member;
const heightOf = (x: Member) => x.consensus.status().height;

async function running(): Promise<void> {
  cluster = await createCluster(4, { keys: "keyed", section: { epochLength: 8 } });
  for (let i = 0; i < 4; i++) await cluster.start(i);
}

test("comes late by epochs, catches up, follows, executes the same, and signs nothing", async () => {
  await running();
  await cluster.until(() => heightOf(member(0)) > 20);
  const follower = await cluster.startFollower("follower");
  await cluster.until(() => heightOf(follower) > 40 && heightOf(follower) >= heightOf(member(0)) - 5);
  await cluster.until(() => follower.consensus.status().executed > 40);
  const hashes = (x: Member) => x.application.executed.slice(0, 40).map((block) => Buffer.from(block.hash).toString("hex"));
  expect(hashes(follower)).toEqual(hashes(member(0)));
  expect(follower.application.result(35)).toEqual(member(0).application.result(35));
  expect(follower.signed).toEqual([]);
  expect(follower.consensus.status()).toMatchObject({ quorumHeard: true, healthy: true, self: undefined, stalled: undefined });
  expect(follower.agreed.length).toBeGreaterThan(0);
  // it has sent no frame that somebody had to refuse
  expect(cluster.network.verdicts).toEqual([]);
});

test("one validator that it knows is enough, also for blocks that others signed", async () => {
  await running();
  await cluster.until(() => heightOf(member(0)) > 10);
  cluster.network.partition([
    ["v0", "v1", "v2", "v3"],
    ["v2", "follower"],
  ]);
  const follower = await cluster.startFollower("follower");
  await cluster.until(() => heightOf(follower) > 12);
});

test("while nobody answers it says that it hears nobody", async () => {
  await running();
  const follower = await cluster.startFollower("follower");
  await cluster.until(() => heightOf(follower) > 3);
  cluster.network.partition([["v0", "v1", "v2", "v3"], ["follower"]]);
  await cluster.until(() => !follower.consensus.status().quorumHeard);
  cluster.network.heal();
  await cluster.until(() => follower.consensus.status().quorumHeard && heightOf(follower) > heightOf(member(0)) - 5);
});
