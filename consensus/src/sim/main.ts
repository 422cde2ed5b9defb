/**
 * What `noema sim` does: runs seeds, or one, or a control's pinned seed. Exit code 1 on any violation or stall (with a
 * control: when its rule turns out not to be needed).
 */
import { coreError } from "@noema/core/errors";
import { CONTROLS, type Control } from "./controls.ts";
import { runSeed, type Verdict } from "./run.ts";
import type { Scenario } from "./scenario.ts";

const PROGRESS_MS = 2_000;

export type SimOptions = { seeds: number; first: number; seed?: number; verbose: boolean; control?: string; without?: string };

function describe(v: Verdict): string {
  const { weights, byzantine, delay, loss, params } = v.scenario;
  const roles = [...byzantine].map(([i, b]) => `${i}=${b}`).join(" ") || "none";
  return `seed ${v.seed} ${v.outcome}${v.detail && `: ${v.detail}`}\n  n=${weights.length} byzantine ${roles} delay ${delay.join("-")} ms loss ${loss} epochs of ${params.epochLength}; ${v.heights} heights, ${v.epochs} epochs, ${v.messages} messages, ${v.simulatedMs} ms simulated, digest ${v.digest}`;
}

async function sweep(first: number, count: number, change?: (s: Scenario) => Scenario): Promise<boolean> {
  let failed = 0;
  let shown = Date.now();
  for (let seed = first; seed < first + count; seed++) {
    const verdict = await runSeed(seed, { change });
    if (verdict.outcome !== "passed") {
      failed++;
      console.log(`${describe(verdict)}\n  replay: npm run sim -- --seed ${seed} --verbose`);
    }
    if (Date.now() - shown < PROGRESS_MS) continue;
    shown = Date.now();
    console.log(`seed ${seed}: ${seed - first + 1 - failed} passed, ${failed} failed`);
  }
  console.log(`${count - failed} passed, ${failed} failed`);
  return failed === 0;
}

function controlOf(flag: "--control" | "--without", name: string): Control {
  const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
  if (control !== undefined) return control;
  throw coreError("ARGUMENT_INVALID", `${flag} ${name}: one of ${Object.keys(CONTROLS).join(", ")} is expected`);
}

async function runControl(name: string): Promise<boolean> {
  const control = controlOf("--control", name);
  const sound = await runSeed(control.seed, { bend: control.start });
  const bent = await runSeed(control.seed, { bend: (s) => control.remove(control.start(s)) });
  console.log(`${name}: ${control.rule}\nwith the rule: ${describe(sound)}\nwithout it: ${describe(bent)}`);
  return sound.outcome === "passed" && (bent.outcome === "violation" || bent.outcome === "stall");
}

export async function runSim({ seeds, first, seed, verbose, control, without }: SimOptions): Promise<void> {
  let good: boolean;
  if (control !== undefined) good = await runControl(control);
  else if (seed !== undefined) {
    const verdict = await runSeed(seed, { verbose });
    console.log(describe(verdict));
    good = verdict.outcome === "passed";
  } else good = await sweep(first, seeds, without === undefined ? undefined : controlOf("--without", without).remove);
  process.exitCode = good ? 0 : 1;
}
