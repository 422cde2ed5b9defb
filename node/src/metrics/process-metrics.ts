/** What every process shows: event-loop lag, CPU, memory, uptime. Returns how to stop sampling. */
import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Metrics } from "@noema/core/ports/metrics";
import { VERSION } from "../version.ts";

const RESOLUTION_MS = 20; // finer sampling costs more than an idle node may use

export function addProcessMetrics(metrics: Metrics): () => void {
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  lag.enable();
  const seconds = (nanoseconds: number) => Math.max(0, (Number.isFinite(nanoseconds) ? nanoseconds : 0) / 1e9 - RESOLUTION_MS / 1e3);
  metrics.gauge("noema_process_event_loop_lag_p50_seconds", "median event-loop lag since the last scrape", () =>
    seconds(lag.percentile(50)),
  );
  metrics.gauge("noema_process_event_loop_lag_p99_seconds", "99th percentile of event-loop lag since the last scrape", () => {
    const p99 = seconds(lag.percentile(99));
    lag.reset(); // gauges are read in order of declaration: this is the last of the two
    return p99;
  });
  metrics.total("noema_process_cpu_seconds_total", "CPU time of the process, user and system", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.total("noema_process_main_cpu_seconds_total", "CPU time of the main thread", () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1e6;
  });
  metrics.gauge("noema_process_resident_memory_bytes", "resident memory", () => process.memoryUsage.rss());
  metrics.gauge("noema_process_heap_used_bytes", "used heap of the main thread", () => process.memoryUsage().heapUsed);
  metrics.gauge("noema_process_open_files", "file descriptors that are open", openFiles);
  metrics.gauge("noema_build_info", "1, of what runs", () => [{ of: buildOf(), value: 1 }], Object.keys(buildOf()));
  metrics.gauge("noema_process_uptime_seconds", "time since the process started", () => process.uptime());
  return () => lag.disable();
}

const buildOf = () => ({ version: VERSION, node: process.versions.node, arch: process.arch });

/** 0 where the system does not tell. */
function openFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}
