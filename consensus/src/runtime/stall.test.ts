import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, test } from "vitest";
import type { State } from "../engine/state.ts";
import { createStall } from "./stall.ts";

function at(view: number) {
  const clock = createSimClock();
  const state = {
    epoch: 0,
    view,
    finalizedView: view - 1,
    rounds: new Map(),
    lost: undefined as State["lost"],
    base: { header: { view: 0 } },
    set: { members: [0, 1, 2, 3] },
    config: { params: { idleIntervalMs: 4000 } },
  };
  const stall = createStall(state as unknown as State, clock);
  const enter = (next: Partial<typeof state> & { ownNullify?: boolean }) => {
    Object.assign(state, next);
    state.rounds.set(state.view, { ownNullify: next.ownNullify ?? false });
    stall.turned();
  };
  return { clock, stall, enter };
}

test("a vote to skip a view that finds no quorum is a chain that stands still, until the view ends", () => {
  const { clock, stall, enter } = at(7);
  enter({ ownNullify: true });
  clock.advance(2000);
  enter({ ownNullify: true });
  expect(stall.cause()).toBeUndefined();
  clock.advance(4000);
  expect(stall.cause()).toBe("no quorum of votes in view 7 for 6 s");
  enter({ view: 8 });
  expect(stall.cause()).toBeUndefined();
});

test("a view that waits for its leader's interval does not stand still", () => {
  const { clock, stall, enter } = at(7);
  enter({});
  clock.advance(3_600_000);
  expect(stall.cause()).toBeUndefined();
});

test("views that are skipped one after the other make no block either", () => {
  const { stall, enter } = at(7);
  enter({ view: 17 });
  expect(stall.cause()).toBeUndefined();
  enter({ view: 18 });
  expect(stall.cause()).toBe("no block in the last 11 views");
  enter({ view: 19, finalizedView: 18 });
  expect(stall.cause()).toBeUndefined();
});

test("a lost log waits for the others: for where they stand, then for a view that it is not barred from", () => {
  const { clock, stall, enter } = at(7);
  const answers = new Map([["aa" as PublicKeyHex, { epoch: 0, view: 7 }]]);
  enter({ lost: { phase: "Collecting", nonce: 1, answers } });
  clock.advance(6_000);
  expect(stall.cause()).toBeUndefined();
  clock.advance(2_000);
  expect(stall.cause()).toBe("the vote log is lost, and only 1 of 3 others have said where they stand");
  enter({ lost: { phase: "Resumed", epoch: 0, view: 7 } });
  expect(stall.cause()).toBe("the vote log was lost, and a quorum without this validator has not ended view 7");
  enter({ view: 9, finalizedView: 8 });
  clock.advance(60_000);
  expect(stall.cause()).toBeUndefined();
});
