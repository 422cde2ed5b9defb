import { describe, expect, test } from "vitest";
import { cert, context, engine, HASH_A, HASH_B, learn, started, votes } from "./testing/fixture.ts";
import { vote } from "./vote.ts";

describe("the one place that votes", () => {
  test("one notarize a view, whatever the hash", () => {
    const ctx = context(engine());
    expect(vote(ctx, "notarize", 1, HASH_A)).toBe(true);
    expect(vote(ctx, "notarize", 1, HASH_A)).toBe(false);
    expect(vote(ctx, "notarize", 1, HASH_B)).toBe(false);
    expect(vote(ctx, "notarize", 2, HASH_B)).toBe(true);
  });

  test("never nullify and finalize in one view, in either order; notarize and nullify is allowed", () => {
    const ctx = context(engine());
    expect(vote(ctx, "nullify", 1)).toBe(true);
    expect(vote(ctx, "finalize", 1, HASH_A)).toBe(false);
    expect(vote(ctx, "notarize", 2, HASH_A)).toBe(true);
    expect(vote(ctx, "finalize", 2, HASH_A)).toBe(true);
    expect(vote(ctx, "nullify", 2)).toBe(false);
    expect(vote(ctx, "notarize", 3, HASH_A)).toBe(true);
    expect(vote(ctx, "nullify", 3)).toBe(true);
  });

  test("the record comes before the signature", () => {
    const ctx = context(engine());
    vote(ctx, "nullify", 1);
    expect(ctx.out.map((e) => e.type)).toEqual(["Persist", "SignAndSend"]);
  });

  test("nothing at or below the floor, and its records are pruned", () => {
    const s = started();
    learn(s, cert("notarize", 5, HASH_A));
    learn(s, cert("finalize", 5, HASH_A));
    expect(s.finalizedView).toBe(5);
    expect([...s.rounds.keys()].filter((v) => v <= 5)).toEqual([]);
    const ctx = context(s);
    expect(vote(ctx, "nullify", 5)).toBe(false);
    expect(votes(learn(s, cert("notarize", 4, HASH_B)))).toEqual([]);
  });

  test("a notarization is voted final even from a later view, unless that view was nullified", () => {
    const s = started();
    learn(s, cert("nullify", 3));
    expect(s.view).toBe(4);
    expect(votes(learn(s, cert("notarize", 2, HASH_A)))).toEqual(["finalize 2"]);
    vote(context(s), "nullify", 4);
    expect(votes(learn(s, cert("notarize", 4, HASH_B)))).toEqual([]);
    expect(s.view).toBe(5);
  });
});
