import { expect, test } from "vitest";
import { CONTROLS, type Control } from "./controls.ts";
import { runSeed } from "./run.ts";

/** Each with what is arranged on purpose: the rule holds in all of these seeds, and without it most of them fail. */
const SEEDS = 40;

test.each(Object.entries(CONTROLS))("%s: its pinned seed fails without the rule, and passes with it", async (_name, control) => {
  const sound = await runSeed(control.seed, { bend: control.start });
  expect(sound.outcome, sound.detail).toBe("passed");
  const bent = await runSeed(control.seed, { bend: (s) => control.remove(control.start(s)) });
  expect(["violation", "stall"], bent.detail).toContain(bent.outcome);
});

test("whoever forgets that it was alone in (e + 1, 2) votes there no more, in any seed", async () => {
  const control = CONTROLS["lost-log-epochs"] as Control;
  let twice = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const sound = await runSeed(seed, { bend: control.start });
    expect(sound.outcome, `seed ${seed}: ${sound.detail}`).toBe("passed");
    const { detail } = await runSeed(seed, { bend: (s) => control.remove(control.start(s)) });
    if (detail.startsWith("one notarize a view")) twice++;
  }
  expect(twice).toBeGreaterThan(SEEDS / 2);
});
