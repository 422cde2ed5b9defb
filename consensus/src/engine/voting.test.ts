import { describe, expect, test } from "vitest";
import { cert, child, GENESIS, HASH_A, key, learn, NOW, offer, run, started, votes } from "./testing/fixture.ts";

const none = { nullifications: [] };

describe("a proposal", () => {
  test("at the base is notarized", () => {
    const s = started({}, {}, 3);
    const block = child(s, GENESIS, 1);
    expect(votes(offer(s, { view: 1, parentView: 0, parentHash: GENESIS.hash, content: { block }, justification: none }))).toEqual([
      "notarize 1",
    ]);
  });

  test("that skips a view waits for its nullification, asks for it, and is voted when it comes", () => {
    const s = started();
    learn(s, cert("nullify", 2));
    const block = child(s, GENESIS, 3);
    const effects = offer(s, { view: 3, parentView: 0, parentHash: GENESIS.hash, content: { block }, justification: none });
    expect(votes(effects)).toEqual([]);
    expect(s.timers.has("gap")).toBe(true);
    const after = learn(s, cert("nullify", 1));
    const validate = after.find((e) => e.type === "Validate");
    expect(votes(run(s, { type: "Validated", id: validate?.id ?? 0, result: "valid" }))).toEqual(["notarize 3"]);
  });

  test.each([
    ["a wrong height", { height: 2 }],
    ["a timestamp not above the parent's", { timestampMs: NOW }],
    ["an exec.height above h - D", { exec: { ...GENESIS.header.exec, height: 1 } }],
    ["another proposer", { proposer: 99 }],
    ["another set", { validatorSetHash: HASH_A }],
  ])("with %s is nullified", (_what, change) => {
    const s = started();
    const block = child(s, GENESIS, 1, change);
    expect(votes(offer(s, { view: 1, parentView: 0, parentHash: GENESIS.hash, content: { block }, justification: none }))).toEqual([
      "nullify 1",
    ]);
  });

  test("from the future waits until it is not", () => {
    const s = started({ deltaMs: 50 });
    const block = child(s, GENESIS, 1, { timestampMs: NOW + 90 });
    expect(votes(offer(s, { view: 1, parentView: 0, parentHash: GENESIS.hash, content: { block }, justification: none }))).toEqual([]);
    expect(s.timers.get("retry")).toBe(NOW + 40);
    const effects = run(s, { type: "TimerFired", atMs: s.armed ?? 0 }, NOW + 40);
    expect(effects.some((e) => e.type === "Validate")).toBe(true);
  });

  test("with a parent below the floor is nullified", () => {
    const s = started();
    learn(s, cert("finalize", 1, HASH_A));
    const block = child(s, GENESIS, 2);
    expect(votes(offer(s, { view: 2, parentView: 0, parentHash: GENESIS.hash, content: { block }, justification: none }))).toEqual([
      "nullify 2",
    ]);
  });

  test("of a second block in one view is not looked at", () => {
    const s = started();
    const first = child(s, GENESIS, 1);
    offer(s, { view: 1, parentView: 0, parentHash: GENESIS.hash, content: { block: first }, justification: none });
    const second = child(s, GENESIS, 1, { timestampMs: NOW + 2 });
    expect(votes(offer(s, { view: 1, parentView: 0, parentHash: GENESIS.hash, content: { block: second }, justification: none }))).toEqual(
      [],
    );
  });
});

describe("timers", () => {
  test("nullify votes of more than a third are joined at once", () => {
    const s = started();
    const from = (signer: number) =>
      run(s, {
        type: "Received",
        from: key(signer),
        message: { type: "Vote", vote: { kind: "nullify", epoch: 0, view: 1, signer, signature: new Uint8Array(96) } },
      });
    expect(votes(from(1))).toEqual([]);
    expect(votes(from(2))).toEqual(["nullify 1"]);
  });

  test("a vote in another's name is blamed and not counted", () => {
    const s = started();
    const vote = { kind: "nullify", epoch: 0, view: 1, signer: 2, signature: new Uint8Array(96) } as const;
    expect(run(s, { type: "Received", from: key(1), message: { type: "Vote", vote } })).toContainEqual({
      type: "Blame",
      validator: key(1),
      reason: "impersonation",
    });
    expect(s.rounds.get(1)?.votes.nullify.kept.size ?? 0).toBe(0);
  });
});
