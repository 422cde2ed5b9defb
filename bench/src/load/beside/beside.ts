/** What goes on beside the load: somebody who asks, and some who ask for too much. */
import type { RunResult } from "../result.ts";
import { startCalls } from "./calls.ts";
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
  /** Address and transaction that the probe asks about. */
  about: About;
};

/** Call the result when the run is over. */
export async function startBeside(o: BesideOptions): Promise<() => Pick<RunResult, "probe" | "calls">> {
  const calls = o.calls === 0 ? undefined : await startCalls(o.urls, o.calls);
  const probe = o.probe === undefined ? undefined : await startProbe({ ...o, url: o.observeUrl, method: o.probe });
  return () => ({ ...(probe && { probe: probe() }), ...(calls && { calls: calls() }) });
}
