import { expect, it } from "vitest";
import { clockCompliance } from "./compliance/clock.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createSimClock } from "./sim-clock.ts";

clockCompliance("simulated", () => {
  const clock = createSimClock();
  return { clock, pass: (ms) => clock.advanceAsync(ms) };
});

it("runs timers set by timers, and equal times in the order of creation", () => {
  const clock = createSimClock(0);
  const ran: string[] = [];
  clock.after(10, () => {
    ran.push("first");
    clock.after(5, () => ran.push(`nested at ${clock.nowMs()}`));
  });
  clock.after(10, () => ran.push("second"));
  clock.advance(20);
  expect(ran).toEqual(["first", "second", "nested at 15"]);
  expect([clock.nowMs(), clock.pending(), clock.nextMs()]).toEqual([20, 0, undefined]);
});

it("orders a thousand random timers, some cancelled", () => {
  const random = createSeededRandom("timers");
  const clock = createSimClock(0);
  const ran: number[] = [];
  let expected = 1000;
  for (let i = 0; i < 1000; i++) {
    const cancel = clock.after(random.integer(500), () => ran.push(clock.nowMs()));
    if (random.chance(0.3)) {
      cancel();
      expected--;
    }
  }
  expect(clock.pending()).toBe(expected);
  while (clock.runNext());
  expect(ran.length).toBe(expected);
  expect([...ran].sort((a, b) => a - b)).toEqual(ran);
});
