/** `bench publish`: how long an object takes to its certificate, and to a reader who holds little of it; also beside a holder that is stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { coreError } from "@noema/core/errors";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { sumCounter } from "../load/cost/metrics.ts";
import { median, percentiles } from "../load/stats/percentiles.ts";
import { startNoema } from "../load/targets/noema.ts";
import type { Target } from "../load/targets/target.ts";
import { describeMachine } from "../machine.ts";
import { beginPut, getObject, type Put, putObject, seededBytes } from "./objects.ts";
import { READERS, readTogether } from "./together.ts";

export type PublishOptions = { puts: number; bytes: number; validators: number; stopped: boolean; seed: number };

/** By then every validator has loaded its set-up for blobs (da.prepareAfterMs, and what that takes). */
const FIRST_AFTER_S = 30;
const REPEATED = "noema_da_offers_repeated_total";
const STALLED = "noema_da_offers_stalled_total";
/** Of the validator that is stopped: offered by then, and not taken. */
const STALLING = 4;

/** Offers: made again, and given up since their rows came too slowly. */
type Phase = { name: string; puts: Put[]; readsMs: number[]; repeated: number; stalled: number };

/** Throws ARGUMENT_INVALID, BENCH_TARGET_FAILED, BENCH_RUN_FAILED. */
export async function measurePublish(o: PublishOptions): Promise<void> {
  if (o.stopped && o.validators < 4) throw coreError("ARGUMENT_INVALID", "--stopped: with one of fewer than 4 stopped the chain is halted");
  const progress = createProgress();
  progress.say(`${describeMachine()}; seed ${o.seed}`);
  const starting = startNoema({ checkout: repositoryRoot(), validators: o.validators, asyncSend: true, flags: [], syncDelayMs: 0 });
  const target = await progress.during((s) => `starting ${o.validators} validators ... ${s} s`, starting);
  try {
    await progress.during((s) => `waiting ... ${s} of ${FIRST_AFTER_S} s`, sleep(1000 * FIRST_AFTER_S));
    const first = await putObject(target.urls[0] as string, seededBytes(o.seed, -1, o.bytes));
    const quiet = await runPhase("all validators", 0, target, o, progress);
    const later = median(quiet.puts.map((x) => x.ms));
    progress.say(
      `first put, ${FIRST_AFTER_S} s after the start: ${first.ms.toFixed(0)} ms, ${(first.ms - later).toFixed(0)} more than the later ones' median`,
    );
    tell(quiet, o.bytes, progress);
    const objects = quiet.puts.map(({ id }, i) => ({ id, bytes: seededBytes(o.seed, i, o.bytes) }));
    const rate = await progress.during((s) => `reading ... ${s} s`, readTogether(readFrom(target), objects));
    progress.say(`all validators: ${rate.toFixed(1)} MB/s of ${READERS} readers at once at one node`);
    if (o.stopped) await besideStopped(quiet, target, o, progress);
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, target.stop());
  }
}

async function besideStopped(quiet: Phase, target: Target, o: PublishOptions, progress: Progress): Promise<void> {
  const { pid } = target.processes.at(-1) as Target["processes"][number];
  const left = new AbortController();
  const begun = Array.from({ length: STALLING }, (_, i) =>
    beginPut(target.urls.at(-1) as string, seededBytes(o.seed, -2 - i, o.bytes), left.signal),
  );
  await progress.during((s) => `${STALLING} objects of the one that will be stopped ... ${s} s`, Promise.all(begun));
  process.kill(pid, "SIGSTOP");
  try {
    const stopped = await runPhase("the last one stopped", o.puts, target, o, progress);
    tell(stopped, o.bytes, progress);
    const p50 = ({ puts }: Phase) => median(puts.map((x) => x.ms));
    progress.say(`puts' p50 to that of all validators: ${(p50(stopped) / p50(quiet)).toFixed(2)}`);
  } finally {
    left.abort();
    process.kill(pid, "SIGCONT");
  }
}

const readFrom = ({ urls }: Target) => urls[1 % urls.length] as string;

/**
 * Each object is put at the first validator and read from the second, which holds a share of its rows; a lone one reads its
 * own disk. Metrics are of all but the last: one that is stopped does not answer.
 */
async function runPhase(name: string, from: number, target: Target, o: PublishOptions, progress: Progress): Promise<Phase> {
  const { urls, metricsUrls } = target;
  const running = metricsUrls.slice(0, Math.max(1, metricsUrls.length - 1));
  const before = await Promise.all([REPEATED, STALLED].map((counter) => sumCounter(running, counter)));
  const phase: Phase = { name, puts: [], readsMs: [], repeated: 0, stalled: 0 };
  const run = async () => {
    for (let i = from; i < from + o.puts; i++) {
      const bytes = seededBytes(o.seed, i, o.bytes);
      const put = await putObject(urls[0] as string, bytes);
      phase.puts.push(put);
      phase.readsMs.push(await getObject(readFrom(target), put.id, bytes));
    }
  };
  await progress.during((s) => `${name}: ${phase.puts.length} of ${o.puts} ... ${s} s`, run());
  phase.repeated = ((await sumCounter(running, REPEATED)) ?? 0) - (before[0] ?? 0);
  phase.stalled = ((await sumCounter(running, STALLED)) ?? 0) - (before[1] ?? 0);
  return phase;
}

function tell({ name, puts, readsMs, repeated, stalled }: Phase, bytes: number, progress: Progress): void {
  const line = (what: string, samples: readonly number[]) => {
    const { p50, p90, p99, max } = percentiles(samples) as NonNullable<ReturnType<typeof percentiles>>;
    const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
    const ms = [mean, p50, p90, p99, max].map((x) => x.toFixed(0));
    progress.say(`${name}: ${what}: mean ${ms[0]} ms, p50 ${ms[1]}, p90 ${ms[2]}, p99 ${ms[3]}, most ${ms[4]} (${samples.length})`);
  };
  line(
    "publish to rows encoded",
    puts.map((x) => x.encodedMs),
  );
  line(
    "publish to certificate",
    puts.map((x) => x.certifiedMs),
  );
  line(
    "publish to a final block",
    puts.map((x) => x.ms),
  );
  line("read, verified", readsMs);
  progress.say(`${name}: ${(bytes / 1000 / median(readsMs)).toFixed(1)} MB/s of one reader, median`);
  progress.say(`${name}: ${repeated} offers made again, ${stalled} of others given up since their rows did not come`);
}
