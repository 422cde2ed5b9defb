/** What goes on beside the load: somebody who asks, and some who ask for too much. */

import type { Client } from "../observe/client.ts";
import type { RunResult } from "../result.ts";
import { startCalls } from "./calls.ts";
import type { Turned } from "./forger.ts";
import { startLogs } from "./logs.ts";
import { startProbe } from "./probe.ts";
import type { About } from "./questions.ts";

export type BesideOptions = {
  urls: readonly string[];
  observeUrl: string;
  /** A method that is asked for by schedule. */
  probe: string | undefined;
  probeRate: number;
  /** Endless calls on the way at each of `urls`. */
  calls: number;
  /** Whether somebody subscribes to all logs. */
  logs: boolean;
  observeWsUrl: string | undefined;
  /** Frames of forged certificates a second, to each validator, by one that has turned. */
  forge: number;
  turned: Turned | undefined;
  client: Client;
  /** Address and transaction that the probe asks about. */
  about: About;
};

/** Call the result when the run is over. */
export async function startBeside(o: BesideOptions): Promise<() => Promise<Pick<RunResult, "probe" | "calls" | "logs" | "forged">>> {
  const forged = o.turned === undefined || o.forge === 0 ? undefined : await forging(o.turned, o);
  const calls = o.calls === 0 ? undefined : await startCalls(o.urls, o.calls);
  const probe = o.probe === undefined ? undefined : await startProbe({ ...o, url: o.observeUrl, method: o.probe });
  const logs = o.logs && o.observeWsUrl !== undefined ? await startLogs(o.observeWsUrl, o.client) : undefined;
  const end = async () => ({
    ...(probe && { probe: probe() }),
    ...(calls && { calls: calls() }),
    ...(forged && { forged: await forged() }),
    ...(logs && { logs: await logs() }),
  });
  let ended: ReturnType<typeof end> | undefined;
  return () => (ended ??= end());
}

/** libp2p takes half a second to be imported, which no other load needs. */
async function forging(turned: Turned, { client, forge }: BesideOptions) {
  const { startForger } = await import("./forger.ts");
  return startForger(turned, client, forge);
}
