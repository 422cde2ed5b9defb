import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { type State, watchState } from "./state-watch.ts";

it("one line for each change of state or cause, not of its numbers", () => {
  const clock = createSimClock();
  const logger = createRecordingLogger();
  let now: State = { state: "synced" };
  const end = watchState(() => now, clock, logger);
  const lines = () => logger.lines.splice(0).map(({ level, message, fields }) => [level, message, fields]);
  const after = (ms: number, state: State) => {
    now = state;
    clock.advance(ms);
    return lines();
  };
  expect(lines()).toEqual([]);
  const stalled = (seconds: number): State => ({ state: "halted", cause: `halted: no quorum of votes in view 7 for ${seconds} s` });
  expect(after(1000, stalled(4))).toEqual([["error", "no block can become final here", { cause: stalled(4).cause }]]);
  expect(after(5000, stalled(9))).toEqual([]);
  const full: State = { state: "halted", cause: "DISK_FULL: the disk has 5 bytes free; below 9 nothing is written" };
  expect(after(1000, full)).toEqual([["error", "no block can become final here", { cause: full.cause }]]);
  expect(after(1000, { state: "syncing" })).toEqual([["info", "catches up", { after: 1, was: full.cause }]]);
  expect(after(3000, { state: "synced" })).toEqual([["info", "goes on", { after: 1, was: "syncing" }]]);
  end();
  expect(after(3000, full)).toEqual([]);
});
