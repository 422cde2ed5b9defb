/** Each epoch has the same validators in another order: who somebody is, and what was heard of it, stays with its key. */
import type { Peer } from "@noema/core/ports/network";
import type { PublicKeyHex, Validator, ValidatorSet } from "@noema/core/ports/signing";
import type { SimPeer } from "@noema/core/testing/sim-network";
import { indexOf, publicKeyAt } from "@noema/core/validator-index";
import { afterEach, expect, test } from "vitest";
import { type Cluster, createCluster, type Member } from "./testing/cluster.ts";

const EPOCH = 8;
let cluster: Cluster;
afterEach(() => cluster?.stop());

const rotated = (epoch: number, members: readonly Validator[]) => [...members.slice(epoch % 4), ...members.slice(0, epoch % 4)];
const setOf = (epoch: number): Pick<ValidatorSet, "members"> => ({ members: rotated(epoch, cluster.set.members) });
const member = (i: number) => cluster.members[i] as Member;
const height = () => member(0).consensus.status().height;

async function start(face?: (peer: SimPeer) => SimPeer): Promise<void> {
  cluster = await createCluster(4, { keys: "keyed", section: { epochLength: EPOCH }, order: rotated, face });
  for (let i = 0; i < 4; i++) await cluster.start(i);
}

test("the chain passes three changes of order, and nobody is taken for another", async () => {
  await start();
  await cluster.until(() => height() > 3 * EPOCH);
  expect(cluster.network.verdicts).toEqual([]);
  expect(cluster.members.map((x) => x?.ended)).toEqual(Array(4).fill(undefined));
  // all four propose, each with the index that its key has in the block's epoch
  for (const epoch of [0, 1, 2]) {
    const headers = Array.from({ length: EPOCH }, (_, i) => member(0).consensus.block(epoch * EPOCH + i + 1)?.header);
    const proposers = headers.map((x) => publicKeyAt(setOf(epoch), x?.proposer ?? -1));
    expect(new Set(proposers).size, `epoch ${epoch}`).toBe(4);
  }
});

test("who is silent is silent under its new index, and who was heard is heard", async () => {
  await start();
  await cluster.until(() => height() > 2);
  await member(3).kill();
  const heard = () => {
    const { epoch, heard: indexes } = member(0).consensus.status();
    return indexes.map((i) => publicKeyAt(setOf(epoch), i)).sort();
  };
  const others = [0, 1, 2].map(cluster.keyOf).sort();
  await cluster.until(() => heard().length === 3);
  for (const epoch of [1, 2]) {
    await cluster.until(() => member(0).consensus.status().epoch === epoch);
    await cluster.clock.advanceAsync(1000);
    expect(heard()).toEqual(others);
  }
});

test("control: a network that binds a connection to an index mistakes everybody in the second epoch", async () => {
  const asIndexed = (peer: Peer): Peer => {
    const index = indexOf(setOf(0), peer.publicKey);
    const epoch = Math.floor((cluster.members[0]?.application.executed.length ?? 0) / EPOCH);
    return index === undefined ? peer : { ...peer, publicKey: publicKeyAt(setOf(epoch), index) as PublicKeyHex };
  };
  await start((peer) => ({
    ...peer,
    peers: () => peer.peers().map(asIndexed),
    onFrame: (lane, f) => peer.onFrame(lane, (from, frame) => f(asIndexed(from), frame)),
  }));
  await cluster.until(() => cluster.network.verdicts.length > 0);
  expect(cluster.network.verdicts[0]?.code).toBe("CONSENSUS_VOTE_NOT_OWN");
  expect(height()).toBeLessThanOrEqual(EPOCH + 1);
});
