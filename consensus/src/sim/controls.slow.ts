import { expect, test } from "vitest";
import { CONTROLS } from "./controls.ts";
import { runSeed } from "./run.ts";

test.each(Object.entries(CONTROLS))("%s: its pinned seed fails without the rule, and passes with it", async (_name, control) => {
  const sound = await runSeed(control.seed, { bend: control.start });
  expect(sound.outcome, sound.detail).toBe("passed");
  const bent = await runSeed(control.seed, { bend: (s) => control.remove(control.start(s)) });
  expect(["violation", "stall"], bent.detail).toContain(bent.outcome);
});
