import type { Metrics } from "@noema/core/ports/metrics";
import type { ConsensusStatus } from "./status.ts";

/** Values are read when metrics are scraped. */
export function observe(metrics: Metrics, status: () => ConsensusStatus): void {
  const gauge = (name: string, help: string, read: (s: ConsensusStatus) => number) =>
    metrics.gauge(`noema_consensus_${name}`, help, () => read(status()));
  gauge("height", "Height of the newest final block.", (s) => s.height);
  gauge("executed_height", "Height of the newest executed block.", (s) => s.executed);
  gauge("epoch", "Current epoch.", (s) => s.epoch);
  gauge("view", "Current view.", (s) => s.view);
  gauge("backoff_exponent", "Exponent of the view timers' back-off.", (s) => s.backoff);
  gauge("validators_heard", "Validators heard from lately, this one included.", (s) => s.heard.length);
  gauge("queue_length", "Events that wait for the engine.", (s) => s.queue);
  gauge("healthy", "1 while this node may vote.", (s) => (s.healthy ? 1 : 0));
}

export type DropCounter = { add(code: string): void; total(): number };

/** Counts frames dropped on the consensus lane; each code is logged once in `EVERY` drops. */
export function countDrops(metrics: Metrics, logged: (code: string, count: number) => void): DropCounter {
  const count = metrics.counter("noema_consensus_dropped_total", "Frames of the consensus lane that were dropped, received or to be sent.");
  const byCode = new Map<string, number>();
  let total = 0;
  return {
    add(code) {
      total++;
      count();
      const own = (byCode.get(code) ?? 0) + 1;
      byCode.set(code, own);
      if (own % EVERY === 1) logged(code, own);
    },
    total: () => total,
  };
}

const EVERY = 100; // a flood must not fill the log
