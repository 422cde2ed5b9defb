/** What happens to the gpu-worker while the network runs, and what its validator makes of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { benchError } from "../load/errors.ts";
import { createClient } from "../load/observe/client.ts";
import { inferenceMetrics } from "./metrics.ts";
import type { Worker } from "./worker.ts";

export type Faults = {
  /** Seconds that it was out of service after the worker had come again. */
  backAfterSeconds: number;
  /** From the head at the first wrong result to that at which it was out of service. */
  blocksUntilOut: number;
};

const LOOK_MS = 100;
const LONGEST_MS = 300_000;

/** `url`, `metricsUrl`: of the validator that asks the worker. Throws BENCH_RUN_FAILED where something of it does not come. */
export async function makeFaults(worker: Worker, url: string, metricsUrl: string, seconds: number): Promise<Faults> {
  const client = await createClient(url);
  const head = async () => Number(await client.ask<string>("eth_blockNumber"));
  const until = async (serves: number, what: string) => {
    for (const deadline = performance.now() + LONGEST_MS; performance.now() < deadline; await sleep(LOOK_MS))
      if ((await inferenceMetrics(metricsUrl)).serves === serves) return;
    throw benchError("BENCH_RUN_FAILED", `${what}: it did not come within ${LONGEST_MS / 1000} s`);
  };
  try {
    await sleep(250 * seconds);
    await worker.away();
    await until(0, "out of service, its worker gone");
    await worker.again();
    const again = performance.now();
    await until(1, "serving again, its worker there again");
    const backAfterSeconds = (performance.now() - again) / 1000;
    await sleep(250 * seconds);
    await worker.lie();
    const first = await head();
    await until(0, "out of service, its worker lying");
    return { backAfterSeconds, blocksUntilOut: (await head()) - first };
  } finally {
    client.close();
  }
}
