import { describe, expect, test } from "vitest";
import type { LogRecord } from "./events.ts";
import { cert, context, engine, HASH_A, HASH_B, run, started } from "./testing/fixture.ts";
import { vote } from "./vote.ts";

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
  const answer = (s: ReturnType<typeof engine>, from: number, view: number) => {
    const nonce = s.lost?.phase === "Collecting" ? s.lost.nonce : 0;
    const status = { epoch: 0, view, entry: cert("nullify", view - 1), nonce };
    const verify = run(s, { type: "Received", from, message: { type: "Status", status } }).find((e) => e.type === "VerifyCerts");
    if (verify !== undefined) run(s, { type: "CertsVerified", id: verify.id, good: verify.certs.map(() => true) });
  };

  test("bars every vote until more than 2/3 without itself have proved their round, then up to M + 1", () => {
    const s = started({}, { lost: true });
    expect(vote(context(s), "nullify", 9)).toBe(false);
    answer(s, 1, 5);
    answer(s, 2, 7);
    expect(s.lost?.phase).toBe("Collecting");
    answer(s, 3, 5);
    expect(s.lost).toEqual({ phase: "Resumed", epoch: 0, view: 7 });
    expect(vote(context(s), "nullify", 8)).toBe(false);
    expect(vote(context(s), "nullify", 9)).toBe(true);
  });

  test("answers nobody meanwhile, and stays lost across a restart", () => {
    const s = started({}, { lost: true });
    expect(run(s, { type: "Received", from: 1, message: { type: "GetStatus", nonce: 7 } })).toEqual([]);
    expect(engine({}, { records: [{ type: "Lost" }] }).lost?.phase).toBe("Collecting");
    expect(engine({}, { lost: true, records: [{ type: "Lost" }, { type: "Resume", epoch: 0, view: 3 }] }).lost?.phase).toBe("Resumed");
  });
});
