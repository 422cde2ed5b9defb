import { utf8, ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { describe, expect, test } from "vitest";
import { MAX_VIEW_TIMEOUT_MS } from "./params.ts";
import { leaderSchedule } from "./schedule.ts";
import { advanceBeacon, genesisBeacon } from "./seed.ts";
import { addVote, createTally, settleQuorum, takeQuorum } from "./tally.ts";
import { cert, context, engine, HASH_A, HASH_B, learn, setOf, started } from "./testing/fixture.ts";
import { enterView, viewTimeouts } from "./view.ts";

describe("leader schedule", () => {
  test("slots follow stake, and no leader has a long run", () => {
    const schedule = leaderSchedule(setOf([10n, 10n, 20n, 40n]), sha256(utf8("seed")));
    const slots = [0, 1, 2, 3].map((i) => schedule.filter((x) => x === i).length);
    expect(slots).toEqual([8, 8, 16, 32]);
    const longest = Math.max(...`${schedule.join("")}`.split(/(?<=(.))(?!\1)/).map((run) => run.length));
    expect(longest).toBeLessThanOrEqual(2);
  });

  test("another seed gives another order", () => {
    const set = setOf(Array.from({ length: 10 }, () => 1n));
    expect(leaderSchedule(set, HASH_A)).not.toEqual(leaderSchedule(set, HASH_B));
    expect(leaderSchedule(set, HASH_A)).toEqual(leaderSchedule(set, HASH_A));
  });
});

describe("beacon", () => {
  test("the mix at the end of epoch e seeds epoch e + 2", () => {
    const start = genesisBeacon(ZERO_HASH);
    const inside = advanceBeacon(start, HASH_A, 0, false);
    const end = advanceBeacon(inside, HASH_B, 0, true);
    expect(inside.seed).toEqual(start.seed);
    expect(end.seed).toEqual(start.nextSeed);
    expect(end.nextSeed).not.toEqual(advanceBeacon(inside, HASH_A, 0, true).nextSeed);
  });
});

describe("tally", () => {
  const vote = (signer: number, hash = HASH_A) =>
    ({ kind: "notarize", epoch: 0, view: 1, hash, signer, signature: new Uint8Array(96) }) as const;

  test("weighs stake: three of four small ones are no quorum", () => {
    const set = setOf([100n, 10n, 10n, 10n]);
    const tally = createTally();
    for (const i of [1, 2, 3]) addVote(tally, set, vote(i));
    expect(takeQuorum(tally, set, vote(1))).toBeUndefined();
    addVote(tally, set, vote(0));
    expect(takeQuorum(tally, set, vote(1))?.size).toBe(4);
  });

  test("exactly two thirds are no quorum", () => {
    const set = setOf([1n, 1n, 1n]);
    const tally = createTally();
    for (const i of [0, 1]) addVote(tally, set, vote(i));
    expect(takeQuorum(tally, set, vote(0))).toBeUndefined();
  });

  test("one vote and one conflicting for each signer; a bad one is not heard again", () => {
    const set = setOf([1n, 1n, 1n, 1n]);
    const tally = createTally();
    expect([addVote(tally, set, vote(0)), addVote(tally, set, vote(0)), addVote(tally, set, vote(0, HASH_B))]).toEqual([true, false, true]);
    expect(addVote(tally, set, vote(0, sha256(HASH_B)))).toBe(false);
    for (const i of [1, 2]) addVote(tally, set, vote(i));
    expect(takeQuorum(tally, set, vote(0))?.size).toBe(3);
    settleQuorum(tally, set, vote(0), [2]);
    expect(addVote(tally, set, vote(2))).toBe(false);
    addVote(tally, set, vote(3));
    expect([...(takeQuorum(tally, set, vote(0))?.keys() ?? [])]).toEqual([0, 1, 3]);
  });
});

describe("view timeouts", () => {
  test("grow with views that do not finalize, up to a minute, and shrink with a finalization", () => {
    const s = started();
    expect(viewTimeouts(s)).toEqual({ t1: 400 + 300, t2: 400 + 450 });
    for (let view = 2; view <= 60; view++) enterView(context(s), view, cert("nullify", view - 1));
    expect(viewTimeouts(s).t2).toBe(MAX_VIEW_TIMEOUT_MS);
    const before = s.backoff;
    learn(s, cert("finalize", 60, HASH_A));
    expect(s.backoff).toBe(before - 1);
  });

  test("wait for the idle interval while no payload is held; in instant mode for ever", () => {
    const idle = engine({ idleIntervalMs: 2000 });
    expect(viewTimeouts(idle).t1).toBe(2000 + 300);
    const s = started({ instant: true });
    expect(s.timers.has("t1")).toBe(false);
  });
});
