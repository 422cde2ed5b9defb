/** Persist, sign, send: no vote leaves before its record is durable (consensus.md 2.3). */
import { NoemaError } from "@noema/core/errors";
import { askOne } from "@noema/core/peer-methods";
import { afterEach, expect, test } from "vitest";
import { decodeRecord } from "../log/records.ts";
import type { Cert } from "../types.ts";
import { decodeFrame, type Message } from "../wire/frame.ts";
import { METHODS } from "./methods.ts";
import { type Cluster, createCluster, type Member } from "./testing/cluster.ts";

let cluster: Cluster;
afterEach(() => cluster?.stop());

type SentVote = { kind: string; epoch: number; view: number };
const keyOf = ({ kind, epoch, view }: SentVote) => `${kind} ${epoch} ${view}`;

/** Votes whose record is synced. */
function durableVotes({ log }: Member): Set<string> {
  const records = [...log.replay()].map(([, bytes]) => decodeRecord(bytes));
  const synced = records.slice(0, records.length - log.unsynced());
  return new Set(synced.flatMap((r) => (r.type === "Vote" ? [keyOf(r.vote)] : [])));
}

/** Every own vote that the member sends from now on, and whether its record was durable at that moment. */
function watchVotes(member: Member): { vote: string; durable: boolean }[] {
  const sent: { vote: string; durable: boolean }[] = [];
  const { send } = member.peer;
  member.peer.send = (to, lane, frame) => {
    const message = decodeFrame(frame);
    const vote = message.type === "Vote" ? message.vote : message.type === "Propose" ? message.propose.vote : undefined;
    if (vote !== undefined) sent.push({ vote: keyOf(vote), durable: durableVotes(member).has(keyOf(vote)) });
    return send(to, lane, frame);
  };
  return sent;
}

/** Every certificate that the member sends from now on and that its own vote is in, and whether the vote's record was durable at that moment. */
function watchCertificates(member: Member, index: number): { vote: string; durable: boolean }[] {
  const sent: { vote: string; durable: boolean }[] = [];
  const { send } = member.peer;
  member.peer.send = (to, lane, frame) => {
    for (const cert of certsOf(decodeFrame(frame)))
      if ((cert.bitmap[index >> 3] ?? 0) & (1 << (index & 7)))
        sent.push({ vote: keyOf(cert), durable: durableVotes(member).has(keyOf(cert)) });
    return send(to, lane, frame);
  };
  return sent;
}

function certsOf(message: Message): Cert[] {
  if (message.type === "Cert") return [message.cert];
  if (message.type === "Certs") return message.certs;
  if (message.type === "Status") return [message.status.entry, message.status.finalized].filter((x) => x !== undefined);
  if (message.type !== "Propose") return [];
  const { parentCert, nullifications } = message.propose.justification;
  return [...(parentCert ? [parentCert] : []), ...nullifications];
}

async function fourWithWatch() {
  cluster = await createCluster(4, { keys: "keyed" });
  for (let i = 0; i < 4; i++) await cluster.start(i);
  const member = cluster.members[2] as Member;
  return { member, sent: watchVotes(member), height: () => cluster.members[0]?.consensus.status().height ?? 0 };
}

test("every vote is durable before it is sent", async () => {
  const { sent, height } = await fourWithWatch();
  await cluster.until(() => height() >= 8);
  expect(sent.length).toBeGreaterThan(20);
  expect(sent.filter((s) => !s.durable)).toEqual([]);
});

test("a vote counts here before it is durable, and no certificate that it is in leaves before", async () => {
  const { member, height } = await fourWithWatch();
  const certificates = watchCertificates(member, 2);
  await cluster.until(() => height() >= 12);
  expect(certificates.length).toBeGreaterThan(10);
  expect(certificates.filter((s) => !s.durable)).toEqual([]);
});

test("negative control: with a log that only claims to sync, the same watches find votes that are not durable", async () => {
  const { member, sent, height } = await fourWithWatch();
  const certificates = watchCertificates(member, 2);
  member.log.sync = async () => {};
  await cluster.until(() => height() >= 12);
  expect(sent.some((s) => !s.durable)).toBe(true);
  expect(certificates.some((s) => !s.durable)).toBe(true);
});

test("who asks where it stands is answered once all that it has counted is durable", async () => {
  const { member, height } = await fourWithWatch();
  await cluster.until(() => height() >= 3);
  member.log.holdSync();
  await cluster.clock.advanceAsync(1000);
  let answered = false;
  const asker = cluster.members[0]?.peer as Member["peer"];
  const answer = askOne(asker, "v2", METHODS.status, undefined, new AbortController().signal).then(() => {
    answered = true;
  });
  await cluster.clock.advanceAsync(1000);
  expect(answered).toBe(false);
  member.log.releaseSync();
  await cluster.until(() => answered);
  await answer;
});

test("while sync hangs nothing is sent; the others go on, and it goes on when sync returns", async () => {
  const { member, sent, height } = await fourWithWatch();
  await cluster.until(() => height() >= 3);
  member.log.holdSync();
  await cluster.clock.advanceAsync(100);
  sent.length = 0;
  const before = height();
  await cluster.until(() => height() >= before + 3);
  expect(sent).toEqual([]);
  member.log.releaseSync();
  await cluster.until(() => sent.length > 0 && member.consensus.status().height >= height() - 1);
});

test("a log that cannot be synced ends the voting for good, with its reason; the others go on", async () => {
  const { member, sent, height } = await fourWithWatch();
  await cluster.until(() => height() >= 3);
  member.log.failSync(new Error("ENOSPC: no space left on device"));
  await cluster.until(() => !member.consensus.status().healthy);
  sent.length = 0;
  member.log.failSync(undefined);
  const before = height();
  await cluster.until(() => height() >= before + 5);
  expect(sent).toEqual([]);
  expect(member.consensus.status().fault).toEqual({ code: "CONSENSUS_STORAGE_FAILED", message: "ENOSPC: no space left on device" });
});

test("what the engine itself throws is no failure of the disk: a fault of the program, told without its words", async () => {
  cluster = await createCluster(4, { keys: "keyed", section: { epochLength: 4 } });
  for (let i = 0; i < 4; i++) await cluster.start(i);
  const [first, planted] = cluster.members as [Member, Member];
  const { validatorSet } = planted.application;
  planted.application.validatorSet = (epoch) => {
    if (epoch === 1) throw new TypeError("planted"); // in the step that enters it
    return validatorSet(epoch);
  };
  await cluster.until(() => !planted.consensus.status().healthy);
  const message = "the engine failed with TypeError: the log says where";
  expect(planted.consensus.status().fault).toEqual({ code: "CONSENSUS_ENGINE_FAILED", message });
  await cluster.until(() => first.consensus.status().height >= 6);
});

test("a chain store that cannot be written is a failure of the disk too", async () => {
  const { member } = await fourWithWatch();
  member.kv.failWrites(new Error("ENOSPC: no space left on device"));
  await cluster.until(() => !member.consensus.status().healthy);
  expect(member.consensus.status().fault).toEqual({ code: "CONSENSUS_STORAGE_FAILED", message: "ENOSPC: no space left on device" });
});

test("a log's own code stands where it gives one", async () => {
  const { member } = await fourWithWatch();
  member.log.failSync(new NoemaError("LOG_FAILED", "the log was not written"));
  await cluster.until(() => !member.consensus.status().healthy);
  expect(member.consensus.status().fault).toEqual({ code: "LOG_FAILED", message: "the log was not written" });
});
