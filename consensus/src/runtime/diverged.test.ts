/** A node whose results are not the certified ones, or whose state is damaged: what it signs, what it tells, what a restart changes. */
import { NoemaError } from "@noema/core/errors";
import { afterEach, expect, test } from "vitest";
import { type Cluster, createCluster, type Member } from "./testing/cluster.ts";

let cluster: Cluster;
afterEach(() => cluster.stop());

const height = (member: Member | undefined) => member?.consensus.status().height ?? 0;
const VICTIM = 3;

async function startFour(): Promise<Member> {
  cluster = await createCluster(4, { keys: "keyed" });
  for (const index of [0, 1, 2, VICTIM]) await cluster.start(index);
  return cluster.members[VICTIM] as Member;
}

/** Whether the victim signed a certificate that another holds from a height on. */
function signedFrom(from: number): boolean {
  const witness = cluster.members[0] as Member;
  for (let at = from; at <= height(witness); at++) {
    try {
      if (witness.consensus.finality(at).certificate.signers.includes(VICTIM)) return true;
    } catch {
      return false; // the newest is not final
    }
  }
  return false;
}

test("every final header that carries the own result is told of, rising, and none once they differ", async () => {
  const victim = await startFour();
  victim.application.corruptFrom(9);
  await cluster.until(() => victim.faults.length > 0);
  expect(victim.agreed.length).toBeGreaterThan(3);
  expect(victim.agreed).toEqual([...victim.agreed].sort((a, b) => a - b));
  expect(victim.agreed.at(-1)).toBeLessThan(9);
  expect(victim.faults[0]).toMatchObject({ code: "EXEC_DIVERGED", divergence: { agreed: victim.agreed.at(-1) } });
  expect(victim.faults[0]?.divergence?.height).toBeGreaterThanOrEqual(9);
  const told = victim.agreed.length;
  await cluster.until(() => height(cluster.members[0]) >= 30);
  expect(victim.agreed).toHaveLength(told);
  expect(victim.faults).toHaveLength(1); // later results are built on the wrong one
});

test("after a restart it finds out again by its stored results alone, before it signs anything", async () => {
  const victim = await startFour();
  victim.application.corruptFrom(5);
  await cluster.until(() => victim.faults.length > 0 && height(victim) >= 12); // the header that contradicts it is final
  const before = height(victim);
  await victim.kill();
  const again = await cluster.start(VICTIM);
  expect(again.faults).toMatchObject([{ code: "EXEC_DIVERGED" }]);
  await cluster.until(() => height(cluster.members[0]) >= before + 20);
  expect(signedFrom(before + 1)).toBe(false);
});

test("a fault that an earlier run found keeps it from signing; without it the same node signs", async () => {
  const victim = await startFour();
  await cluster.until(() => height(victim) >= 4);
  for (const fault of [{ code: "EXEC_DIVERGED", message: "found before" }, undefined]) {
    await cluster.members[VICTIM]?.kill();
    const from = height(cluster.members[0]) + 3;
    const again = await cluster.start(VICTIM, { fault });
    expect(again.consensus.status().healthy).toBe(fault === undefined);
    await cluster.until(() => height(cluster.members[0]) >= from + 20 && height(again) >= from + 10);
    expect(signedFrom(from)).toBe(fault === undefined);
    expect(again.consensus.status().fault).toEqual(fault);
  }
});

test("a state that contradicts its own hashes is a divergence, and no attempt is made again", async () => {
  const victim = await startFour();
  await cluster.until(() => height(victim) >= 3);
  victim.application.failNext(Number.POSITIVE_INFINITY, new NoemaError("STATE_CORRUPT", "the trie node at path 0e does not have its hash"));
  await cluster.until(() => victim.faults.length > 0);
  const { executed } = victim.consensus.status();
  expect(victim.faults).toMatchObject([{ code: "EXEC_DIVERGED", height: executed + 1, message: expect.stringContaining("the trie node") }]);
  await cluster.until(() => height(cluster.members[0]) >= executed + 20);
  expect(victim.faults).toHaveLength(1);
  expect(victim.consensus.status()).toMatchObject({ executed, fault: { code: "EXEC_DIVERGED" } });
});

test("a lone validator's headers carry its own results: nobody contradicts them", async () => {
  cluster = await createCluster(1, { keys: "keyed" });
  const only = await cluster.start(0);
  only.application.corruptFrom(4);
  await cluster.until(() => height(only) >= 20);
  expect(only.faults).toEqual([]);
  expect(only.agreed.at(-1)).toBeGreaterThan(10);
});
