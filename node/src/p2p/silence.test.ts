import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import type { Session } from "./session.ts";
import { watchSilence } from "./silence.ts";

function setUp() {
  const clock = createSimClock();
  const begunMs = clock.nowMs();
  const told: [string, number][] = [];
  const note = (what: string) => () => void told.push([what, clock.nowMs() - begunMs]);
  const session = { received: 0, end: note("ended") };
  const standing = () => [session as unknown as Session];
  const end = watchSilence({ clock, standing, ask: note("asked"), silent: note("silent"), heard: note("heard") });
  return { clock, told, session, end };
}

it("asks who is quiet, tells of who stays so within 3 s, and disconnects it at last", () => {
  const { clock, told, end } = setUp();
  clock.advance(13_000);
  expect(told.map(([what]) => what)).toEqual(["heard", "asked", "silent", "ended"]);
  expect(told[2]?.[1]).toBeLessThanOrEqual(3000);
  end();
});

it("who answers is not silent, and who was is heard again", () => {
  const { clock, told, session, end } = setUp();
  for (let i = 0; i < 20; i++) {
    clock.advance(2000);
    session.received++;
  }
  expect(new Set(told.map(([what]) => what))).toEqual(new Set(["heard", "asked"]));
  told.length = 0;
  clock.advance(4000);
  session.received++;
  clock.advance(500);
  expect(told.map(([what]) => what)).toEqual(["asked", "silent", "heard"]);
  end();
  clock.advance(60_000);
  expect(told).toHaveLength(3);
});
