/** `bench publish`: how long an object takes to its certificate, and to a reader who holds little of it; also beside a holder that is stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { coreError } from "@noema/core/errors";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { benchError } from "../load/errors.ts";
import { median } from "../load/stats/percentiles.ts";
import { startNoema } from "../load/targets/noema.ts";
import type { Target } from "../load/targets/target.ts";
import { describeMachine } from "../machine.ts";
import { startHalfPuts } from "./half-puts.ts";
import { beginPut, type Put, putObject, seededBytes } from "./objects.ts";
import { type Phase, type PhaseOptions, readFrom, runPhase, tellPhase } from "./phase.ts";
import { startStaller } from "./staller.ts";
import { READERS, readTogether } from "./together.ts";

export type PublishOptions = { puts: number; bytes: number; validators: number; stopped: boolean; stalled: boolean; seed: number };

/** By then every validator has loaded its set-up for blobs (da.prepareAfterMs, and what that takes). */
const FIRST_AFTER_S = 30;
/** Of the validator that is stopped: offered by then, and not taken. */
const STALLING = 4;
const HALF_SENT = 8;
/** By then all of them are under way. */
const SETTLE_MS = 2000;

/** Throws ARGUMENT_INVALID, BENCH_TARGET_FAILED, BENCH_RUN_FAILED. */
export async function measurePublish(o: PublishOptions): Promise<void> {
  if (o.stopped && o.validators < 4) throw coreError("ARGUMENT_INVALID", "--stopped: with one of fewer than 4 stopped the chain is halted");
  if (o.stalled && (o.validators < 4 || o.stopped))
    throw coreError("ARGUMENT_INVALID", "--stalled: 4 validators at least, without --stopped");
  const progress = createProgress();
  progress.say(`${describeMachine()}; seed ${o.seed}`);
  const starting = startNoema({
    checkout: repositoryRoot(),
    validators: o.validators,
    asyncSend: true,
    flags: [],
    syncDelayMs: 0,
    turned: o.stalled,
  });
  const target = await progress.during((s) => `starting ${o.validators} validators ... ${s} s`, starting);
  try {
    await progress.during((s) => `waiting ... ${s} of ${FIRST_AFTER_S} s`, sleep(1000 * FIRST_AFTER_S));
    const first = await putObject(target.urls[0] as string, seededBytes(o.seed, -1, o.bytes));
    const quiet = await runPhase("quiet", 0, target, phaseOptions(target, o), progress);
    const later = median(quiet.puts.map((x) => x.ms));
    progress.say(
      `first put, ${FIRST_AFTER_S} s after the start: ${first.ms.toFixed(0)} ms, ${(first.ms - later).toFixed(0)} more than the later ones' median`,
    );
    tellPhase(quiet, o.bytes, progress);
    const objects = quiet.puts.map(({ id }, i) => ({ id, bytes: seededBytes(o.seed, i, o.bytes) }));
    const rate = await progress.during((s) => `reading ... ${s} s`, readTogether(readFrom(target), objects));
    progress.say(`quiet: ${rate.toFixed(1)} MB/s of ${READERS} readers at once at one node`);
    if (o.stopped) await besideStopped(quiet, target, o, progress);
    if (o.stalled) await besideStalled(quiet, target, o, progress);
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
    const stopped = await runPhase("the last one stopped", o.puts, target, phaseOptions(target, o), progress);
    tellPhase(stopped, o.bytes, progress);
    tellRatio(stopped, quiet, progress);
  } finally {
    left.abort();
    process.kill(pid, "SIGCONT");
  }
}

/** Beside a validator whose rows never come and clients whose bytes stop half way. Throws BENCH_RUN_FAILED where nothing was held up by them. */
async function besideStalled(quiet: Phase, target: Target, o: PublishOptions, progress: Progress): Promise<void> {
  const url = target.urls[0] as string;
  const { folder, others } = target.turned as NonNullable<Target["turned"]>;
  const starting = startStaller(folder, target.observeUrl, others.length);
  const staller = await progress.during((s) => `a validator turns ... ${s} s`, starting);
  try {
    const endOffers = staller.stall(STALLING);
    const endPuts = startHalfPuts(url, seededBytes(o.seed, -1, o.bytes), HALF_SENT);
    await progress.during((s) => `stalling ... ${s} s`, sleep(SETTLE_MS));
    const name = `beside ${STALLING} stalled offers at each validator and ${HALF_SENT} half-sent PUTs`;
    const stalled = await runPhase(name, o.puts, target, phaseOptions(target, o), progress);
    tellPhase(stalled, o.bytes, progress);
    const answers = Object.entries(endOffers()).map(([code, count]) => `${count} of the offers with ${code}`);
    progress.say(`answered: ${answers.join(", ")}, ${endPuts()} half-sent PUTs`);
    if (stalled.stalled === 0) throw benchError("BENCH_RUN_FAILED", "no offer stalled: more puts are needed, for 10 s at least");
    tellRatio(stalled, quiet, progress);
  } finally {
    await staller.stop();
  }
}

function tellRatio(beside: Phase, quiet: Phase, progress: Progress): void {
  const ratio = (of: (put: Put) => number) => (median(beside.puts.map(of)) / median(quiet.puts.map(of))).toFixed(2);
  progress.say(
    `puts' p50 to that of the quiet ones: ${ratio((x) => x.certifiedMs)} to the certificate, ${ratio((x) => x.ms)} to a final block`,
  );
}

/** Metrics are not of the last where that is to be stopped: it does not answer then. */
function phaseOptions({ metricsUrls }: Target, { puts, bytes, seed, stalled }: PublishOptions): PhaseOptions {
  return { puts, bytes, seed, metricsUrls: stalled ? metricsUrls : metricsUrls.slice(0, Math.max(1, metricsUrls.length - 1)) };
}
