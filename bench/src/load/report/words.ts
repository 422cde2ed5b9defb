/** A run as lines for a terminal. */
import type { RunResult } from "../result.ts";
import type { Percentiles } from "../stats/percentiles.ts";
import { boundOf, boundText } from "./bound.ts";

const ms = (x: number) => (x < 10 ? x.toFixed(1) : x.toFixed(0));

export function describeRun(r: RunResult): string {
  const bound = boundOf(r);
  const lines = [
    `${r.target}, ${r.scenario}: ${r.tps.toFixed(0)} committed/s (${r.tpsOverall.toFixed(0)} with the drain, ${r.tpsPeak.toFixed(0)} in the best second) of ${r.included} in ${r.seconds.toFixed(1)} s; ${howSent(r)}`,
    r.bytesPerSecond === undefined ? undefined : `  ${(r.bytesPerSecond / 1e6).toFixed(2)} MB/s of data`,
    latency("send to answer", r.answerMs),
    latency("send to included", r.includedMs),
    latency("send to finalized", r.finalizedMs),
    latency("send to receipt", r.receiptMs),
    r.rate === undefined ? undefined : latency("sent late by", r.lagMs),
    r.probe && latency(`${r.probe.method}, ${r.probe.asked} times`, r.probe.answerMs),
    ...counts("refused", r.probe?.refusals ?? {}),
    r.calls && `  endless calls: ${r.calls.onTheWay} on the way, ${r.calls.answered} answered`,
    ...counts("refused", r.calls?.refusals ?? {}),
    r.logs && `  logs: ${r.logs.heard} of ${r.logs.wanted} told, once and in order`,
    r.forged &&
      `  forged certificates: ${r.forged.frames} frames of ${r.forged.bytes} bytes, over ${r.forged.connections} connections, ${r.forged.refused} refused`,
    `  blocks: ${r.blocks.count}, transactions in one: median ${r.blocks.medianTransactions}, most ${r.blocks.maxTransactions}`,
    r.coreMicros === undefined ? undefined : cost(r),
    ...(r.processes ?? []).map(({ name, coreMicros, threads }) => {
      const parts = threads.filter((x) => x.coreMicros >= 0.5).map((x) => `${x.name} ${x.coreMicros.toFixed(0)}`);
      return `    ${name} ${coreMicros.toFixed(0)}: ${parts.join(", ")}`;
    }),
    bound && `  bound: ${boundText(bound)}`,
    r.otherCores !== undefined && r.otherCores > 0.1 ? `  other processes kept ${r.otherCores.toFixed(1)} cores busy` : undefined,
    per("disk bytes a transaction and validator", r.diskBytesPerTransaction),
    r.memory && `  memory: ${mbText(r)}${r.memory.slope === undefined ? "" : `, ${slopeText(r.memory.slope)}`}`,
    per("syncs a transaction", r.syncsPerTransaction),
    per("certificates a transaction", r.certificatesPerTransaction),
    ...counts("refused for good", r.refused),
    ...counts("refused at first", r.refusals),
  ];
  return lines.filter((x) => x !== undefined).join("\n");
}

function howSent({ batch, connections, senders, rate, window, transport }: RunResult): string {
  const pace = rate === undefined ? `${window} request${window === 1 ? "" : "s"} on the way on each` : `${rate}/s by schedule`;
  return `${senders} senders, batches of ${batch}, ${connections} connections (${transport}), ${pace}`;
}

function latency(what: string, p: Percentiles | undefined): string | undefined {
  return p && `  ${what}, ms: p50 ${ms(p.p50)}, p90 ${ms(p.p90)}, p99 ${ms(p.p99)}, p99.9 ${ms(p.p999)}, most ${ms(p.max)}`;
}

function cost({ coreMicros = 0, recoveryMicros, generatorCoreMicros }: RunResult): string {
  const recoveries = (coreMicros / recoveryMicros).toFixed(1);
  return `  core-µs a transaction: ${coreMicros.toFixed(0)} = ${recoveries} recoveries of ${recoveryMicros.toFixed(0)}; this load generator ${generatorCoreMicros.toFixed(0)}`;
}

/** At the end of the run. */
export function mbText({ memory }: RunResult): string {
  const bytes = memory?.samples.at(-1)?.[1];
  return bytes === undefined ? "" : `${(bytes / 1e6).toFixed(0)} MB`;
}

export function slopeText({ bytesPerMinute, low, high }: { bytesPerMinute: number; low: number; high: number }): string {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
  return `${mb(bytesPerMinute)} MB a minute (95 %: ${mb(low)} to ${mb(high)})`;
}

function per(what: string, value: number | undefined): string | undefined {
  return value === undefined ? undefined : `  ${what}: ${value < 10 ? value.toFixed(2) : value.toFixed(0)}`;
}

function counts(what: string, list: Record<string, number>): string[] {
  return Object.entries(list).map(([reason, count]) => `  ${what}: ${count} x ${reason}`);
}
