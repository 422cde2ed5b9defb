/** `bench lanes`: what an object costs its publisher and each holder, in CPU, as the number of validators grows. */
import { setTimeout as sleep } from "node:timers/promises";
import { BLOCK_BLOB_BYTES } from "@noema/core/chain-limits";
import { ROW_BYTES, rowCount } from "@noema/da-layer/blob/elements";
import type { Kzg } from "@noema/da-layer/blob/kzg";
import { loadKzg } from "@noema/da-layer/blob/load-kzg";
import { type BlobLanes, createBlobLanes, publishUntilCertified } from "@noema/da-layer/testing/blob-lanes";
import { createProgress } from "@noema/node/cli/progress";
import { median } from "../load/stats/percentiles.ts";
import { describeMachine } from "../machine.ts";
import { createWorkerTimes, type WorkerTimes } from "./measured-worker.ts";
import { seededBytes } from "./objects.ts";

export type LanesOptions = { validators: number[]; bytes: number; runs: number };

/** ms of CPU of one object. */
type Sample = { publisher: number; holder: number };
type Row = Sample & { n: number; slots: number };

/** Simulated: after the certificate, so that those who were late have signed too. */
const AFTER_MS = 1000;
/** At which a chain makes blocks. */
const BLOCKS_A_SECOND = 2.5;

export async function measureLanes({ validators, bytes, runs }: LanesOptions): Promise<void> {
  const progress = createProgress();
  progress.say(`${describeMachine()}; ${bytes} bytes in ${rowCount(bytes)} rows, real KZG, simulated network, disk and signatures`);
  const kzg = await progress.during((s) => `loading KZG's set-up ... ${s} s`, loadKzg());
  const rows: Row[] = [];
  for (const n of validators) rows.push(await progress.during((s) => `${n} validators ... ${s} s`, measure(kzg, n, bytes, runs)));
  for (const line of table(rows, bytes)) progress.say(line);
}

async function measure(kzg: Kzg, n: number, bytes: number, runs: number): Promise<Row> {
  const times = createWorkerTimes();
  const lanes = createBlobLanes(kzg, new Array<bigint>(n).fill(1n), {}, times.measured);
  for (let i = 0; i < n; i++) await lanes.start(i);
  const samples: Sample[] = [];
  for (let run = 0; run <= runs; run++) {
    times.cpuMs.clear();
    const data = seededBytes(n, run, bytes);
    await runUntil(lanes, times, publishUntilCertified(lanes.nodes[0]!.lane, data));
    await runUntil(lanes, times, lanes.clock.nowMs() + AFTER_MS);
    const { 0: publisher = Number.NaN, ...holders } = Object.fromEntries(times.cpuMs);
    const each = Object.values(holders);
    if (run > 0) samples.push({ publisher, holder: each.reduce((sum, x) => sum + x, 0) / each.length });
  }
  for (const { lane } of lanes.nodes) await lane.stop();
  const slots = n * Math.ceil((3 * rowCount(bytes)) / n);
  return { n, slots, publisher: median(samples.map((x) => x.publisher)), holder: median(samples.map((x) => x.holder)) };
}

/** The simulated clock stands while a worker computes: what that takes is no delay of the network, and the clock's own turns cost CPU. */
async function runUntil({ clock }: BlobLanes, times: WorkerTimes, end: Promise<unknown> | number): Promise<void> {
  let over = false;
  const ending = typeof end === "number" ? undefined : end.finally(() => (over = true));
  ending?.catch(() => {});
  while (!over && !(typeof end === "number" && clock.nowMs() >= end)) {
    if (times.isBusy()) await sleep(1);
    else await clock.advanceAsync(5);
  }
  await ending;
}

/**
 * "all publish": every validator publishes with one core, and holds its share of what the others publish. What a chain carries at
 * most is bound by the encoded bytes of a block.
 */
function table(rows: readonly Row[], bytes: number): string[] {
  const mb = bytes / 1e6;
  const cells = rows.map(({ n, slots, publisher, holder }) => {
    const together = (1000 * n * mb) / (publisher + (n - 1) * holder);
    const carried = (BLOCK_BLOB_BYTES / (slots * ROW_BYTES)) * mb * BLOCKS_A_SECOND;
    const rate = (ms: number) => ((1000 * mb) / ms).toFixed(1);
    const bound = together < carried ? "commitments" : "bytes of a block";
    const stretch = ((slots * ROW_BYTES) / bytes).toFixed(2);
    return [
      n,
      slots,
      stretch,
      publisher.toFixed(0),
      rate(publisher),
      holder.toFixed(1),
      rate(holder),
      together.toFixed(1),
      carried.toFixed(1),
      bound,
    ];
  });
  const head = [
    "n",
    "rows",
    "encoded",
    "publisher ms",
    "MB/s a core",
    "holder ms",
    "MB/s a core",
    "all publish MB/s",
    "a chain MB/s",
    "bound",
  ];
  const lines = [head, ...cells].map((line) => line.map(String));
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] as string).length)));
  return lines.map((line) => line.map((cell, i) => cell.padStart(widths[i] as number)).join("  "));
}
