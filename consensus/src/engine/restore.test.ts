import { describe, expect, test } from "vitest";
import { blockOf } from "../sim/blocks.ts";
import type { Status } from "../wire/status.ts";
import type { LogRecord, Restore } from "./events.ts";
import type { State } from "./state.ts";
import { cert, context, engine, GENESIS, HASH_A, HASH_B, key, run, started } from "./testing/fixture.ts";
import { mayVote, vote } from "./vote.ts";

const voted: LogRecord[] = [
  { type: "Cert", cert: cert("nullify", 1) },
  { type: "Vote", vote: { kind: "notarize", epoch: 0, view: 2, hash: HASH_A } },
];

describe("restart", () => {
  test("resumes in the highest view of the log and votes nothing twice", () => {
    const s = engine({}, { records: voted });
    expect(s.view).toBe(2);
    expect(s.entry?.kind).toBe("nullify");
    expect(vote(context(s), "notarize", 2, HASH_B)).toBe(false);
    expect(vote(context(s), "nullify", 2)).toBe(true);
  });

  test("own votes are signed again for the own tally only", () => {
    const again = run(engine({}, { records: voted }), { type: "Start" }).filter((e) => e.type === "SignAndSend");
    expect(again.map((e) => [e.vote.kind, e.to])).toEqual([["notarize", "nobody"]]);
  });

  test("records of a later epoch forbid votes until it is reached again", () => {
    const records: LogRecord[] = [{ type: "Vote", vote: { kind: "nullify", epoch: 1, view: 1 } }];
    const s = engine({}, { records });
    expect(s.epoch).toBe(0);
    expect(vote(context(s), "nullify", 1)).toBe(false);
  });
});

describe("a lost log", () => {
  const LENGTH = 4;
  const boundary = (view: number) => blockOf({ ...GENESIS.header, height: LENGTH, view });
  /** At the start of epoch 1, whose base was first proposed in view `view` of epoch 0. */
  const opening = (view: number) => ({
    tip: boundary(view),
    base: { block: boundary(view), cert: cert("finalize", 9, boundary(view).hash) },
  });
  const params = { epochLength: LENGTH };

  const answer = (s: State, from: number, { epoch = 0, view, ...rest }: Partial<Status> & { view: number }) => {
    const nonce = s.lost?.phase === "Collecting" ? s.lost.nonce : 0;
    const entry = view > 1 ? cert("nullify", view - 1, undefined, epoch) : undefined;
    const status = { epoch, view, entry, nonce, ...rest };
    const verify = run(s, { type: "Received", from: key(from), message: { type: "Status", status } }).find((e) => e.type === "VerifyCerts");
    if (verify !== undefined) run(s, { type: "CertsVerified", id: verify.id, good: verify.certs.map(() => true) });
  };
  const resumed = (epoch: number, view: number, restore: Partial<Restore> = {}) =>
    started(params, { ...restore, records: [{ type: "Lost" }, { type: "Resume", epoch, view }] });
  const free = (s: State) => [1, 2, 3].filter((view) => mayVote(s, "nullify", view));

  test("bars every vote until more than 2/3 without itself have proved their round, then up to M + 1", () => {
    const s = started({}, { lost: true });
    expect(vote(context(s), "nullify", 9)).toBe(false);
    answer(s, 1, { view: 5 });
    answer(s, 2, { view: 7 });
    expect(s.lost?.phase).toBe("Collecting");
    answer(s, 3, { view: 5 });
    expect(s.lost).toEqual({ phase: "Resumed", epoch: 0, view: 7 });
    expect(vote(context(s), "nullify", 8)).toBe(false);
    expect(vote(context(s), "nullify", 9)).toBe(true);
  });

  test("an entry certificate proves the view after it, and nothing else is one", () => {
    const s = started({}, { lost: true });
    answer(s, 1, { view: 9, entry: undefined, finalized: cert("finalize", 8, HASH_A) });
    answer(s, 1, { view: 9, entry: cert("nullify", 7) });
    answer(s, 1, { view: 9, entry: cert("nullify", 8, undefined, 1) });
    expect(s.lost).toMatchObject({ answers: new Map() });
  });

  test("an answer from the first view of an epoch counts as that round, once the asker is there as well", () => {
    const behind = started(params, { lost: true });
    const there = started(params, { lost: true, ...opening(3) });
    for (const s of [behind, there])
      for (const from of [1, 2, 3]) answer(s, from, { epoch: 1, view: 1, finalized: cert("finalize", 3, boundary(3).hash) });
    expect(behind.lost?.phase).toBe("Collecting");
    expect(there.lost).toEqual({ phase: "Resumed", epoch: 1, view: 1 });
    expect(free(there)).toEqual([3]);
  });

  test("of each validator the first answer counts, so that M is not carried along while others are silent", () => {
    const s = started({}, { lost: true });
    for (const view of [4, 5, 6]) for (const from of [1, 2]) answer(s, from, { view });
    answer(s, 3, { view: 3 });
    expect(s.lost).toEqual({ phase: "Resumed", epoch: 0, view: 4 });
  });

  test("asks at once, and again with every Status", () => {
    const asks = run(engine({}, { lost: true }), { type: "Start" }).filter((e) => e.type === "Send" && e.message.type === "GetStatus");
    expect(asks).toHaveLength(1);
  });

  test("the first views of e + 1 are barred where e's last block may have been final, and only there", () => {
    expect(free(resumed(0, 5, opening(4)))).toEqual([3]);
    expect(free(resumed(0, 5, opening(5)))).toEqual([1, 2, 3]);
    expect(free(resumed(1, 1, opening(5)))).toEqual([3]);
    expect(free(resumed(2, 1, opening(5)))).toEqual([]);
  });

  test.each<[string, Partial<Restore>, number]>([
    ["while it has lost its log", { lost: true }, 0],
    ["from a round that it may have voted in before", { records: [{ type: "Lost" }, { type: "Resume", epoch: 0, view: 1 }] }, 0],
    ["below its own log", { records: [{ type: "Vote", vote: { kind: "nullify", epoch: 1, view: 1 } }] }, 0],
    ["else it does", { records: [{ type: "Vote", vote: { kind: "nullify", epoch: 0, view: 1 } }] }, 1],
  ])("a validator answers nobody %s", (_, restore, answers) => {
    const s = started({}, restore);
    const sent = run(s, { type: "Received", from: key(1), message: { type: "GetStatus", nonce: 7 } });
    expect(sent.filter((e) => e.type === "Send")).toHaveLength(answers);
  });

  test("the state stays across a restart", () => {
    expect(engine({}, { records: [{ type: "Lost" }] }).lost?.phase).toBe("Collecting");
    expect(engine({}, { lost: true, records: [{ type: "Lost" }, { type: "Resume", epoch: 0, view: 3 }] }).lost?.phase).toBe("Resumed");
  });
});
