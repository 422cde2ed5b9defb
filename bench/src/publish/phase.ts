/** Some objects put one after another, each read back elsewhere, and what of it is told. */
import type { Progress } from "@noema/node/cli/progress";
import { sumCounter } from "../load/cost/metrics.ts";
import { median, percentiles } from "../load/stats/percentiles.ts";
import type { Target } from "../load/targets/target.ts";
import { getObject, type Put, putObject, seededBytes } from "./objects.ts";

const REPEATED = "noema_da_offers_repeated_total";
const STALLED = "noema_da_offers_stalled_total";

/** Offers: made again, and given up since their rows came too slowly. */
export type Phase = { name: string; puts: Put[]; readsMs: number[]; repeated: number; stalled: number };

/** `puts` objects of `bytes` each; `metricsUrls`: of those whose offers are counted. */
export type PhaseOptions = { puts: number; bytes: number; seed: number; metricsUrls: readonly string[] };

export const readFrom = ({ urls }: Target) => urls[1 % urls.length] as string;

/** Each object is put at the first validator and read from the second, which holds a share of its rows; a lone one reads its own disk. */
export async function runPhase(name: string, from: number, target: Target, o: PhaseOptions, progress: Progress): Promise<Phase> {
  const { urls } = target;
  const running = o.metricsUrls;
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

export function tellPhase({ name, puts, readsMs, repeated, stalled }: Phase, bytes: number, progress: Progress): void {
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
