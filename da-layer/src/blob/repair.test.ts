import { nullLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { daError } from "../errors.ts";
import { createRepair } from "./repair.ts";

it.each([
  ["DA_EXPIRED", 1],
  ["DA_UNAVAILABLE", 8], // 1, 2, 4 ... s
] as const)("asks again for an object of which it is told %s: %i times in four minutes", async (code, times) => {
  const clock = createSimClock();
  let asked = 0;
  const repair = createRepair({
    deps: { clock, logger: nullLogger, worker: undefined as never },
    held: undefined as never,
    disk: undefined as never,
    async findObject() {
      asked++;
      throw daError(code, "as told");
    },
    gather: () => expect.unreachable(),
    signal: new AbortController().signal,
  });
  repair(new Uint8Array(32), 3);
  await clock.advanceAsync(256_000);
  expect(asked).toBe(times);
});
