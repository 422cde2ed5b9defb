/** `bench soak`: a devnet left alone for an hour, then under load: what does not stand still is a leak or a store that is not pruned. */
import { setTimeout as sleep } from "node:timers/promises";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { COMMON_LOAD } from "../load/alternate.ts";
import { describeRun } from "../load/report/words.ts";
import { transfers } from "../load/scenarios/transfers.ts";
import { openSession } from "../load/session.ts";
import { startNoema } from "../load/targets/noema.ts";
import type { Target } from "../load/targets/target.ts";
import { growthOf, QUANTITIES, type Quantity, type Sample, sampleOf } from "./samples.ts";

/** Minutes of `idle`, `load` and `settle`. */
export type SoakOptions = {
  idle: number;
  load: number;
  rate: number;
  settle: number;
  validators: number;
  keepHeights: number;
  noema: string;
};

const MINUTE_S = 60;
const EVERY_MS = 5000;
const UNIT: Record<Quantity, readonly [words: string, size: number]> = {
  memory: ["MB", 1e6],
  "open files": ["", 1],
  written: ["MB", 1e6],
  disk: ["MB", 1e6],
};

export async function soak(o: SoakOptions): Promise<void> {
  const progress = createProgress();
  const flags = o.keepHeights === 0 ? [] : ["--keep-heights", `${o.keepHeights}`];
  const starting = startNoema({ checkout: o.noema, validators: o.validators, asyncSend: true, flags, syncDelayMs: 0 });
  const target = await progress.during((s) => `starting ... ${s} s`, starting);
  try {
    if (o.idle > 0) {
      await progress.during((s) => `settling ... ${s} of ${o.settle * MINUTE_S} s`, sleep(o.settle * MINUTE_S * 1000));
      const lasting = sleep(o.idle * MINUTE_S * 1000);
      report(
        progress,
        "idle",
        await watched(
          target,
          progress.during((s) => `idle ... ${s} of ${o.idle * MINUTE_S} s`, lasting),
        ),
      );
    }
    if (o.load > 0) await underLoad(target, o, progress);
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, target.stop());
  }
}

async function underLoad(target: Target, { load, settle, rate }: SoakOptions, progress: Progress): Promise<void> {
  const seconds = (settle + load) * MINUTE_S;
  const session = await openSession(target, transfers, { ...COMMON_LOAD, batch: 1, seed: 1, count: rate * seconds });
  const running = session.run({ rate, window: 1, seconds });
  await progress.during((s) => `${rate} transfers a second, settling ... ${s} s`, sleep(settle * MINUTE_S * 1000));
  let result: Awaited<typeof running> | undefined;
  const lasting = running.then((x) => {
    result = x;
  });
  const samples = await watched(
    target,
    progress.during((s) => `${rate} transfers a second ... ${s} of ${load * MINUTE_S} s`, lasting),
  );
  session.close();
  if (result !== undefined) progress.say(describeRun(result));
  report(progress, `${rate} transfers a second`, samples);
}

/** Samples of each validator until `lasting` ends. */
async function watched(target: Target, lasting: Promise<unknown>): Promise<Sample[][]> {
  const samples: Sample[][] = target.processes.map(() => []);
  const look = () => target.processes.forEach(({ pid }, i) => void samples[i]?.push(sampleOf(pid, target.folders[i] as string)));
  look();
  const timer = setInterval(look, EVERY_MS);
  try {
    await lasting;
  } finally {
    clearInterval(timer);
  }
  return samples;
}

function report(progress: Progress, what: string, all: readonly (readonly Sample[])[]): void {
  progress.say(`\n${what}: growth an hour (95 % interval), and at the end\n`);
  progress.say(`| validator | ${QUANTITIES.join(" | ")} |\n|${"---|".repeat(QUANTITIES.length + 1)}`);
  for (const [i, samples] of all.entries()) {
    const cells = QUANTITIES.map((quantity) => {
      const [unit, size] = UNIT[quantity];
      const number = (x: number) => (x / size).toFixed(1);
      const growth = growthOf(samples, quantity);
      const end = `${number(samples.at(-1)?.[quantity] ?? Number.NaN)} ${unit}`.trim();
      return growth === undefined ? `? ; ${end}` : `${number(growth.slope)} (${number(growth.low)} to ${number(growth.high)}); ${end}`;
    });
    progress.say(`| ${i} | ${cells.join(" | ")} |`);
  }
}
