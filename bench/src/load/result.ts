/** What a run found, as result.json has it. Milliseconds, core-microseconds, bytes; what the target could not tell is absent. */
import type { Percentiles } from "./stats/percentiles.ts";

export type RunResult = {
  target: string;
  validators: number;
  scenario: string;
  transport: "http" | "ws";
  batch: number;
  connections: number;
  senders: number;
  /** Transactions a second that were asked for; absent: as fast as answers came. */
  rate?: number;
  /** Requests on the way on each connection, where there was no rate. */
  window?: number;
  sent: number;
  included: number;
  /** For good, by reason; what was refused and accepted later is in `refusals`. */
  refused: Record<string, number>;
  refusals: Record<string, number>;
  /** From the first send to the last inclusion. */
  seconds: number;
  /** Committed a second while load came: of the blocks after the first, up to the last one seen while sending. */
  tps: number;
  /** All that was included, over `seconds`. */
  tpsOverall: number;
  answerMs?: Percentiles;
  includedMs?: Percentiles;
  finalizedMs?: Percentiles;
  /** How late this process itself sent. */
  lagMs?: Percentiles;
  blocks: { count: number; medianTransactions: number; maxTransactions: number };
  /** A transaction. */
  coreMicros?: number;
  processes?: { name: string; coreMicros: number; threads: { name: string; coreMicros: number }[] }[];
  generatorCoreMicros: number;
  /** Price of one signature's recovery right before and after the run, the mean: what a core-µs is worth. */
  recoveryMicros: number;
  syncsPerTransaction?: number;
  certificatesPerTransaction?: number;
  diskBytesPerTransaction?: number;
  memory?: MemoryResult;
  receiptsChecked: number;
};

export type MemoryResult = {
  /** Sum over the target's processes, without file mappings: [seconds, bytes]. */
  samples: [number, number][];
  /** Bytes a minute, and its 95 % interval; absent: too few samples. */
  slope?: { bytesPerMinute: number; low: number; high: number };
};
