/** A validator that is its own quorum (threads.md 3): it counts and executes while the disk works, and keeps and tells nothing before. */
import { to0x } from "@noema/core/bytes";
import { afterEach, expect, test } from "vitest";
import { decodeRecord } from "../log/records.ts";
import { createChainStore } from "../store/chain-store.ts";
import { type Cluster, createCluster, type Member } from "./testing/cluster.ts";

let cluster: Cluster;
afterEach(() => cluster?.stop());

async function startLone(): Promise<Member> {
  cluster = await createCluster(1, { keys: "keyed" });
  return cluster.start(0);
}

/** What each place has of the chain: the vote log as a power cut leaves it, the others as kill -9 does. */
function heights({ log, kv, application }: Member): { votes: number; chain: number; state: number } {
  const records = [...log.crash().replay()].map(([, bytes]) => decodeRecord(bytes));
  const final = new Set(
    records.flatMap((r) => (r.type === "Cert" && r.cert.kind === "finalize" && r.cert.hash ? [to0x(r.cert.hash)] : [])),
  );
  const blocks = records.flatMap((r) => (r.type === "Block" && final.has(to0x(r.block.hash)) ? [r.block.header.height] : []));
  return { votes: Math.max(0, ...blocks), chain: createChainStore(kv, () => false).tip(), state: application.recovered() };
}

test("one fsync of the vote log makes a block final", async () => {
  const { log, consensus } = await startLone();
  await cluster.until(() => consensus.status().height >= 2);
  let syncs = 0;
  const { sync } = log;
  log.sync = () => {
    syncs++;
    return sync();
  };
  const before = consensus.status().height;
  await cluster.until(() => consensus.status().height >= before + 5);
  expect(syncs).toBe(5);
});

test("while the vote log is being synced a block executes, and is neither stored, kept nor told; then it is", async () => {
  const { log, consensus, application } = await startLone();
  const told: number[] = [];
  consensus.onExecuted((block) => void told.push(block.header.height));
  await cluster.until(() => told.length >= 2);
  log.holdSync();
  const next = consensus.status().height + 1;
  await cluster.until(() => application.begun.includes(next));
  await cluster.clock.advanceAsync(1000);
  expect({ height: consensus.status().height, recovered: application.recovered() }).toEqual({ height: next - 1, recovered: next - 1 });
  expect(application.result(next)).toBeUndefined();
  expect(told).not.toContain(next);
  log.releaseSync();
  await cluster.until(() => told.includes(next));
});

test("a vote log that cannot be synced: what was executed ahead is given up, and the node stops", async () => {
  const { log, consensus, application } = await startLone();
  await cluster.until(() => consensus.status().executed >= 2);
  log.failSync(new Error("ENOSPC"));
  await cluster.until(() => !consensus.status().healthy);
  const { height } = consensus.status();
  await cluster.until(() => application.begun.includes(height + 1));
  await consensus.stop();
  expect(application.recovered()).toBe(height);
  expect(application.result(height + 1)).toBeUndefined();
});

type Killed = { member: Member; told: Map<number, string>; reached: boolean };

/** Killed at its disk's action number `at`, before it is done or before anybody hears that it is. */
async function runKilled(at: number, moment: "before" | "after", spoil?: (member: Member) => void): Promise<Killed> {
  const member = await startLone();
  spoil?.(member);
  const told = new Map<number, string>();
  member.consensus.onExecuted((block) => void told.set(block.header.height, to0x(block.hash)));
  let left = at;
  let killed = false;
  const mortal = <A extends unknown[]>(act: (...args: A) => Promise<void>): ((...args: A) => Promise<void>) => {
    return async (...args) => {
      if (killed) return new Promise(() => {});
      if (left-- > 0) return act(...args);
      if (moment === "after") await act(...args);
      killed = true;
      return new Promise(() => {});
    };
  };
  const { write } = member.kv;
  member.log.sync = mortal(member.log.sync);
  member.kv.write = mortal(write);
  const { finalized } = member.application;
  member.application.finalized = async (block, stored) => {
    await mortal(async () => {})();
    const result = await finalized(block, stored);
    await mortal(async () => {})();
    return result;
  };
  await cluster.until(() => killed || told.size >= 3);
  await cluster.clock.advanceAsync(1000); // nothing goes on
  if (killed) await member.kill();
  member.kv.write = write;
  return { member, told, reached: killed };
}

test.each(["before", "after"] as const)("killed %s each write: votes >= chain >= state, and what was told is there", async (moment) => {
  for (let at = 0; ; at++) {
    const { member, told, reached } = await runKilled(at, moment);
    if (!reached) {
      expect(at).toBeGreaterThan(9); // of each of three blocks: log, chain, state before and after
      return;
    }
    const { votes, chain, state } = heights(member);
    expect({ at, order: votes >= chain && chain >= state, votes, chain, state }).toMatchObject({ at, order: true });
    const last = await cluster.start(0);
    await cluster.until(() => last.consensus.status().executed >= told.size + 2);
    for (const [height, hash] of told) expect(to0x(last.consensus.block(height)?.hash ?? new Uint8Array())).toBe(hash);
    const first = last.application.executed[0]?.height ?? 0;
    expect(last.application.executed.map((x) => x.height)).toEqual(last.application.executed.map((_, i) => first + i));
    await cluster.stop();
  }
});

test("negative control: an application that does not wait for its block to be stored has state that no log knows", async () => {
  const broken: number[] = [];
  for (let at = 0; ; at++) {
    const { member, reached } = await runKilled(at, "before", ({ application }) => {
      const { finalized } = application;
      application.finalized = (block) => finalized(block, Promise.resolve());
    });
    if (!reached) break;
    const { votes, chain, state } = heights(member);
    if (votes < chain || chain < state) broken.push(at);
  }
  expect(broken.length).toBeGreaterThan(0);
});
