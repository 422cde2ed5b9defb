/** What a run found, as result.json has it. Milliseconds, core-microseconds, bytes; what the target could not tell is absent. */
import { readFileSync } from "node:fs";
import type { Machine } from "../machine.ts";
import { benchError } from "./errors.ts";
import type { CurvePoint } from "./stats/knee.ts";
import type { Percentiles } from "./stats/percentiles.ts";
import type { Ratio } from "./stats/ratios.ts";

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
  /** Committed a second while load came (stats/commit-rate.ts). */
  tps: number;
  /** All that was included, over `seconds`. */
  tpsOverall: number;
  /** The most in a second. */
  tpsPeak: number;
  /** Of objects. */
  bytesPerSecond?: number;
  answerMs?: Percentiles;
  includedMs?: Percentiles;
  finalizedMs?: Percentiles;
  /** With --receipts: to the answer that has the receipt. */
  receiptMs?: Percentiles;
  /** How late this process itself sent. */
  lagMs?: Percentiles;
  blocks: { count: number; medianTransactions: number; maxTransactions: number };
  /** Cores that anything but target and load generator kept busy meanwhile. */
  otherCores?: number;
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
  probe?: ProbeResult;
  calls?: CallsResult;
  logs?: LogsResult;
  forged?: ForgerResult;
};

export type ProbeResult = { method: string; asked: number; answerMs?: Percentiles; refusals: Record<string, number> };
/** `bytes` of a frame; `refused`: connections that were ended before its first, or while it was sent. */
export type ForgerResult = { frames: number; bytes: number; connections: number; refused: number };
/** `wanted`: what the blocks of the run have; `heard`: of these, told once and in order. */
export type LogsResult = { wanted: number; heard: number };
export type CallsResult = { onTheWay: number; answered: number; refusals: Record<string, number> };

export type MemoryResult = {
  /** Sum over the target's processes, without file mappings: [seconds, bytes]. */
  samples: [number, number][];
  /** Bytes a minute, and its 95 % interval; absent: too few samples. */
  slope?: { bytesPerMinute: number; low: number; high: number };
};

/** The file result.json. */
export type BenchResult = {
  format: typeof FORMAT;
  /** `load`, `quick` or `peers`. */
  command: string;
  machine: Machine;
  /** ISO 8601, UTC. */
  at: string;
  seed: number;
  /** Of the runs, the median: where it is not small, the machine was not quiet. */
  otherCores?: number;
  /** In the order in which they were. */
  runs: RunResult[];
  ratios: Ratio[];
  /** Points of --curve. */
  curve?: CurvePoint[];
  knee?: CurvePoint;
};

export const FORMAT = "noema-bench/1";

/** Throws BENCH_RESULT_INVALID. */
export function readResult(path: string): Pick<BenchResult, "machine" | "at" | "ratios" | "otherCores"> {
  const invalid = (why: string, cause?: unknown) => benchError("BENCH_RESULT_INVALID", `${path}: ${why}`, {}, cause);
  let found: Partial<BenchResult>;
  try {
    found = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
  if (found.format !== FORMAT || !found.machine || !found.at || !Array.isArray(found.ratios)) throw invalid(`not of the format ${FORMAT}`);
  const { machine, at, ratios, otherCores } = found;
  return { machine, at, ratios, ...(otherCores !== undefined && { otherCores }) };
}
