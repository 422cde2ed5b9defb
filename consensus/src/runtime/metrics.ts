import type { Metrics } from "@noema/core/ports/metrics";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { weightOf } from "@noema/core/quorum";
import type { ConsensusStatus } from "./status.ts";

/** What stands now; read when metrics are scraped. */
export function observe(metrics: Metrics, status: () => ConsensusStatus, setOf: (epoch: number) => ValidatorSet | undefined): void {
  const gauge = (name: string, help: string, read: (s: ConsensusStatus) => number) =>
    metrics.gauge(`noema_consensus_${name}`, help, () => read(status()));
  const power = (s: ConsensusStatus, indexes: readonly number[]) => {
    const set = setOf(s.epoch);
    return set === undefined ? 0 : Number(weightOf(set, indexes));
  };
  const total = (s: ConsensusStatus) => Number(setOf(s.epoch)?.total ?? 0n);
  gauge("height", "Height of the newest final block.", (s) => s.height);
  gauge("executed_height", "Height of the newest executed block.", (s) => s.executed);
  gauge("epoch", "Current epoch.", (s) => s.epoch);
  gauge("view", "Current view.", (s) => s.view);
  gauge("backoff_exponent", "Exponent of the view timers' back-off.", (s) => s.backoff);
  gauge("validators", "Validators of the epoch.", (s) => s.validators);
  gauge("validators_power", "Weight of all validators of the epoch.", total);
  gauge("validators_heard", "Validators heard from lately, this one included.", (s) => s.heard.length);
  gauge("missing_validators", "Validators not heard from lately.", (s) => s.validators - s.heard.length);
  gauge("missing_validators_power", "Weight of the validators not heard from lately.", (s) => total(s) - power(s, s.heard));
  gauge("validator_power", "Weight of this validator; 0 of a node that only follows.", (s) =>
    s.self === undefined ? 0 : power(s, [s.self]),
  );
  metrics.gauge(
    "noema_consensus_validator_heard",
    "1 for each validator heard from lately, by its index in the epoch's set.",
    () => {
      const { validators, heard } = status();
      return Array.from({ length: validators }, (_, i) => ({ of: { validator: `${i}` }, value: heard.includes(i) ? 1 : 0 }));
    },
    ["validator"],
  );
  gauge("queue_length", "Events that wait for the engine.", (s) => s.queue);
  gauge("healthy", "1 while this node may vote.", (s) => (s.healthy ? 1 : 0));
  gauge("log_lost", "1 while the vote log is lost, and this node waits for where the others stand.", (s) => (s.logLost ? 1 : 0));
  metrics.gauge(
    "noema_consensus_fault",
    "1 of what keeps this node from voting, by its code.",
    () => {
      const { fault } = status();
      return fault === undefined ? [] : [{ of: { code: fault.code }, value: 1 }];
    },
    ["code"],
  );
  gauge("halted", "1 while no quorum is heard, or none agrees.", (s) => (s.quorumHeard && s.stalled === undefined ? 0 : 1));
}

export type DropCounter = { add(code: string): void; total(): number };

/** Counts frames dropped on the consensus lane; each code is logged once in `EVERY` drops. */
export function countDrops(metrics: Metrics, logged: (code: string, count: number) => void): DropCounter {
  const count = metrics.counter(
    "noema_consensus_dropped_total",
    "Frames of the consensus lane that were dropped, received or to be sent.",
    ["code"],
  );
  const byCode = new Map<string, number>();
  let total = 0;
  return {
    add(code) {
      total++;
      count(1, { code });
      const own = (byCode.get(code) ?? 0) + 1;
      byCode.set(code, own);
      if (own % EVERY === 1) logged(code, own);
    },
    total: () => total,
  };
}

const EVERY = 100; // a flood must not fill the log
