import { to0x } from "@noema/core/bytes";
import { afterEach, expect, test } from "vitest";
import { availabilityCert } from "./testing/availability.ts";
import { type Cluster, createCluster, type Member } from "./testing/cluster.ts";

let cluster: Cluster;
afterEach(() => cluster?.stop());

const height = (member: Member | undefined) => member?.consensus.status().height ?? 0;
const hashAt = (member: Member | undefined, at: number) => to0x(member?.consensus.block(at)?.hash ?? new Uint8Array());
const all = () => cluster.members.filter((m) => m !== undefined);
const reached = (target: number) => () => all().every((m) => height(m) >= target);

function expectOneChain(): void {
  const top = Math.min(...all().map(height));
  for (let at = 0; at <= top; at++) expect(new Set(all().map((m) => hashAt(m, at))).size).toBe(1);
}

async function startAll(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await cluster.start(i);
}

test("four validators with BLS keys finalize 20 heights; one is killed, the chain goes on; restarted, it catches up and votes", async () => {
  cluster = await createCluster(4);
  await startAll(4);
  await cluster.until(reached(20));
  expectOneChain();

  await cluster.members[3]?.kill();
  await cluster.until(reached(30));
  const revived = await cluster.start(3);
  expect(height(revived)).toBeGreaterThanOrEqual(20);
  await cluster.until(reached(30));
  const from = height(revived);
  const voted = () => {
    for (let at = from; at <= height(revived) - 1; at++)
      if (cluster.members[0]?.consensus.finality(at).certificate.signers.includes(3)) return true;
    return false;
  };
  await cluster.until(voted);
  await cluster.until(() => revived.application.recovered() >= 30);
  expectOneChain();
  const roots = all().map((m) => to0x(m.application.result(30)?.stateRoot ?? new Uint8Array()));
  expect(new Set(roots).size).toBe(1);
});

test("two of four killed: the chain stops and says so; restarted, it goes on without a fork", async () => {
  cluster = await createCluster(4, { keys: "keyed" });
  await startAll(4);
  await cluster.until(reached(5));
  const before = Math.max(...all().map(height));
  await cluster.members[1]?.kill();
  await cluster.members[2]?.kill();
  await cluster.clock.advanceAsync(20_000);
  // What was certified before the deaths may still become final, nothing else.
  expect(Math.max(...all().map(height))).toBeLessThanOrEqual(before + 2);
  expect(cluster.members[0]?.consensus.status()).toMatchObject({ quorum: "2 of 4 validators, quorum needs 3", quorumHeard: false });
  await cluster.start(1);
  await cluster.start(2);
  await cluster.until(reached(before + 8));
  expectOneChain();
  expect(cluster.members[0]?.consensus.status()).toMatchObject({ quorum: "4 of 4 validators, quorum needs 3", healthy: true });
});

test("two of four execute otherwise than the others: views pass without a block, and all know it", async () => {
  cluster = await createCluster(4, { keys: "keyed" });
  await startAll(4);
  for (const i of [2, 3]) cluster.members[i]?.application.corruptFrom(3);
  await cluster.until(() => all().every((m) => /^no block in the last \d+ views$/.test(m.consensus.status().stalled ?? "")));
});

test("all killed again and again, then a node that missed two epochs: one chain", async () => {
  cluster = await createCluster(4, { keys: "keyed", section: { epochLength: 8 } });
  await startAll(4);
  for (let round = 1; round <= 4; round++) {
    await cluster.until(reached(4 * round));
    for (const member of all()) await member.kill();
    for (let i = 0; i < 4; i++) await cluster.start(i);
  }
  await cluster.members[2]?.kill();
  await cluster.until(reached(40));
  await cluster.start(2);
  await cluster.until(reached(44));
  expectOneChain();
  expect(cluster.members[2]?.consensus.status().epoch).toBeGreaterThanOrEqual(5);
});

test("a validator that lost its log votes only after a quorum of the others has answered", async () => {
  cluster = await createCluster(4, { keys: "keyed" });
  await startAll(4);
  await cluster.until(reached(5));
  await cluster.members[0]?.kill();
  await cluster.members[1]?.kill();
  const revived = await cluster.start(0, { loseLog: true });
  await cluster.clock.advanceAsync(5_000);
  expect(revived.consensus.status().logLost).toBe(true); // two answers are not three
  await cluster.start(1);
  await cluster.until(() => !revived.consensus.status().logLost);
  await cluster.until(reached(12));
  expectOneChain();
});

test("an application that fell behind gets the missing blocks in order", async () => {
  cluster = await createCluster(1, { keys: "keyed" });
  const first = await cluster.start(0);
  first.application.hold(true);
  await cluster.until(() => height(first) >= 4);
  expect(first.consensus.status().executed).toBe(0);
  await first.kill();
  const second = await cluster.start(0);
  await cluster.until(() => second.consensus.status().executed >= 6);
  expect(second.application.executed.map((b) => b.height).slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
});

test("a block that cannot be executed yet is tried again, and is reported meanwhile", async () => {
  cluster = await createCluster(1, { keys: "keyed" });
  const only = await cluster.start(0);
  only.application.failNext(2);
  await cluster.until(() => only.consensus.status().fault?.code === "CONSENSUS_EXECUTION_FAILED");
  await cluster.until(() => only.consensus.status().executed >= 3);
  expect(only.consensus.status()).toMatchObject({ healthy: true, fault: undefined });
  expect(only.application.executed.map((b) => b.height).slice(0, 3)).toEqual([1, 2, 3]);
});

test("a result that contradicts a notarized header stops the vote and is reported with both results", async () => {
  cluster = await createCluster(4, { keys: "keyed" });
  await startAll(4);
  cluster.members[3]?.application.corruptFrom(3);
  await cluster.until(() => cluster.members[3]?.consensus.status().healthy === false);
  expect(cluster.members[3]?.consensus.status().fault?.code).toBe("EXEC_DIVERGED");
  const line = cluster.members[3]?.logger.lines.find((l) => l.fields.code === "EXEC_DIVERGED");
  expect(line?.fields).toHaveProperty("own.stateRoot");
  expect(line?.fields).toHaveProperty("notarized.stateRoot");
  await cluster.until(() => height(cluster.members[0]) >= 12);
});

test("instant blocks: nothing while idle, a block the moment payload arrives", async () => {
  cluster = await createCluster(1, { keys: "keyed", instant: true });
  const only = await cluster.start(0);
  await cluster.clock.advanceAsync(30_000);
  expect(height(only)).toBe(0);
  for (let seq = 1; seq <= 3; seq++) {
    only.application.offer(await availabilityCert(cluster, seq));
    await cluster.until(() => height(only) === seq, 100);
  }
  await cluster.clock.advanceAsync(10_000);
  expect(height(only)).toBe(3);
  expect(only.application.executed.map((b) => b.certs.length)).toEqual([1, 1, 1]);
});

test("certificates offered to every validator stand in exactly one block each, in the protocol's order", async () => {
  cluster = await createCluster(4, { keys: "keyed" });
  await startAll(4);
  await cluster.until(reached(2));
  const certs = await Promise.all([1, 2, 3, 4, 5].map((seq) => availabilityCert(cluster, seq, seq % 4)));
  for (const member of all()) for (const cert of certs) member.application.offer(cert);
  await cluster.until(reached(14));
  for (const member of all()) {
    const included = Array.from({ length: 14 }, (_, i) => member.consensus.block(i + 1)?.body.certs ?? []).flat();
    expect(included.map((c) => c.header.seq).sort()).toEqual([1, 2, 3, 4, 5]);
  }
});
