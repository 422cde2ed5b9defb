import { clockCompliance } from "@noema/core/testing/compliance/clock";
import { expect, it } from "vitest";
import { systemClock } from "./clock.ts";

clockCompliance("system", () => ({ clock: systemClock, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms + 20)) }));

it("does not run a timer of a month at once", async () => {
  let ran = false;
  const cancel = systemClock.after(31 * 24 * 3600_000, () => (ran = true));
  await new Promise((resolve) => setTimeout(resolve, 5));
  cancel();
  expect(ran).toBe(false);
});
