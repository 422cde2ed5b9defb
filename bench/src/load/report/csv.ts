/** One line a run: what a spreadsheet takes. */
import type { RunResult } from "../result.ts";

const COLUMNS: Record<string, (r: RunResult) => string | number | undefined> = {
  target: (r) => r.target,
  validators: (r) => r.validators,
  scenario: (r) => r.scenario,
  transport: (r) => r.transport,
  batch: (r) => r.batch,
  connections: (r) => r.connections,
  senders: (r) => r.senders,
  rate: (r) => r.rate,
  sent: (r) => r.sent,
  included: (r) => r.included,
  seconds: (r) => r.seconds,
  committed_per_s: (r) => r.tps,
  committed_per_s_with_drain: (r) => r.tpsOverall,
  committed_in_best_s: (r) => r.tpsPeak,
  answer_p50_ms: (r) => r.answerMs?.p50,
  answer_p99_ms: (r) => r.answerMs?.p99,
  answer_p999_ms: (r) => r.answerMs?.p999,
  included_p50_ms: (r) => r.includedMs?.p50,
  included_p99_ms: (r) => r.includedMs?.p99,
  included_p999_ms: (r) => r.includedMs?.p999,
  finalized_p50_ms: (r) => r.finalizedMs?.p50,
  finalized_p99_ms: (r) => r.finalizedMs?.p99,
  core_micros: (r) => r.coreMicros,
  generator_core_micros: (r) => r.generatorCoreMicros,
  recovery_core_micros: (r) => r.recoveryMicros,
  syncs: (r) => r.syncsPerTransaction,
  certificates: (r) => r.certificatesPerTransaction,
  disk_bytes: (r) => r.diskBytesPerTransaction,
  memory_bytes: (r) => r.memory?.samples.at(-1)?.[1],
  memory_bytes_per_minute: (r) => r.memory?.slope?.bytesPerMinute,
};

export function csv(runs: readonly RunResult[]): string {
  const cell = (value: string | number | undefined) =>
    typeof value === "number" ? String(Math.round(value * 1000) / 1000) : (value ?? "");
  const rows = runs.map((run) => Object.values(COLUMNS).map((of) => cell(of(run))));
  return `${[Object.keys(COLUMNS), ...rows].map((x) => x.join(",")).join("\n")}\n`;
}
