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

export function countDrops(metrics: Metrics) {
  const count = metrics.counter("noema_consensus_dropped_total", "Frames of the consensus lane that were dropped, received or to be sent.");
  let total = 0;
  return {
    add: () => {
      total++;
      count();
    },
    total: () => total,
  };
}
