/** What is measured beside the sending, from the first send to the last inclusion, of targets whose processes are ours. */
import { diskBytes } from "../../usage.ts";
import type { RunResult } from "../result.ts";
import type { Target } from "../targets/target.ts";
import { busyMicros } from "./machine-time.ts";
import { watchMemory } from "./memory.ts";
import { sumCounter } from "./metrics.ts";
import { openWindow, type ProcessCost } from "./window.ts";

export type Costs = Pick<
  RunResult,
  "otherCores" | "coreMicros" | "processes" | "syncsPerTransaction" | "certificatesPerTransaction" | "diskBytesPerTransaction" | "memory"
>;
export type Probes = { open(): Promise<(included: number) => Promise<Costs>> };

/** Of validator 0's page: every validator counts all that is in its blocks. */
const CERTIFICATES = "noema_da_certificates_total";

/** `settle`: seconds that do not count for the slope of memory. */
export function createProbes({ pid, processes, folders, metricsUrls, syncs }: Target, settle: number): Probes {
  const disk = () => (folders.length === 0 ? undefined : folders.reduce((sum, x) => sum + diskBytes(x), 0) / folders.length);
  const certificates = () => sumCounter(metricsUrls.slice(0, 1), CERTIFICATES);
  return {
    async open() {
      const before = { disk: disk(), certificates: await certificates(), syncs: syncs?.total() };
      const memory = watchMemory(
        processes.map((x) => x.pid),
        settle,
      );
      const busy = busyMicros();
      const own = process.cpuUsage();
      const started = performance.now();
      const endWindow = pid === undefined ? undefined : openWindow(pid, processes);
      return async (included) => {
        const costs = endWindow?.();
        const { user, system } = process.cpuUsage(own);
        const known = (costs ?? []).reduce((sum, x) => sum + x.micros, user + system);
        const elapsed = (performance.now() - started) * 1000;
        const others = busy === undefined || costs === undefined ? undefined : (busyMicros() as number) - busy - known;
        const per = (from: number | undefined, to: number | undefined) =>
          from === undefined || to === undefined ? undefined : (to - from) / included;
        return {
          ...(costs && processCosts(costs, included)),
          ...(others !== undefined && { otherCores: Math.max(0, others / elapsed) }),
          memory: memory(),
          syncsPerTransaction: per(before.syncs, syncs?.total()),
          diskBytesPerTransaction: per(before.disk, disk()),
          certificatesPerTransaction: per(before.certificates, await certificates()),
        };
      };
    },
  };
}

function processCosts(costs: readonly ProcessCost[], included: number): Pick<Costs, "coreMicros" | "processes"> {
  const share = ({ name, micros }: { name: string; micros: number }) => ({ name, coreMicros: micros / included });
  const byCost = (a: { coreMicros: number }, b: { coreMicros: number }) => b.coreMicros - a.coreMicros;
  return {
    coreMicros: costs.reduce((sum, x) => sum + x.micros, 0) / included,
    processes: costs.map((x) => ({ ...share(x), threads: x.threads.map(share).sort(byCost) })),
  };
}
