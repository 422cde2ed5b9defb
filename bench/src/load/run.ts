/** One timed run: send, watch the blocks, account for each transaction. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Probes } from "./cost/probes.ts";
import { recoveryMicros } from "./cost/recovery.ts";
import { benchError } from "./errors.ts";
import { observeBlocks } from "./observe/blocks.ts";
import type { Client } from "./observe/client.ts";
import { watchFinality } from "./observe/finality.ts";
import { checkReceipts } from "./observe/receipts.ts";
import type { RunResult } from "./result.ts";
import { type Book, createBook } from "./send/book.ts";
import type { Wire } from "./send/connection.ts";
import { openSender } from "./send/driver.ts";
import type { Request } from "./send/requests.ts";
import type { Workload } from "./sign/workload.ts";
import { keptRate, peakRate, steadyRate } from "./stats/commit-rate.ts";
import { median, percentiles } from "./stats/percentiles.ts";

export type RunOptions = {
  client: Client;
  wsUrl: string | undefined;
  wires: readonly Wire[];
  workload: Workload;
  /** What is left of it, in order. */
  requests: readonly Request[];
  rate: number | undefined;
  window: number;
  seconds: number;
  seed: number;
  /** Opened at the first send, closed at the last inclusion. */
  probes: Probes;
  /** Where it is asked what is final; undefined: nowhere. */
  finalityUrl: string | undefined;
  /** Each answer is followed by asking for the receipt. */
  receipts: boolean;
  /** Starts what goes on meanwhile. */
  beside(): Promise<() => Promise<Pick<RunResult, "probe" | "calls" | "logs" | "forged">>>;
};

export type Measured = Omit<RunResult, "target" | "validators" | "scenario" | "transport" | "batch" | "connections" | "senders"> & {
  used: ReadonlySet<Request>;
};

const LOOK_MS = 5;
const RETRY_MS = 200;
/** Without any progress, what is missing will not come. */
const STALL_MS = 30_000;

/** Throws BENCH_RUN_FAILED where a transaction is neither included nor refused, or its receipt says otherwise than its block. */
export async function run(o: RunOptions): Promise<Measured> {
  const { workload, client } = o;
  const book = createBook(workload.raws.length);
  const before = recoveryMicros();
  const observer = await observeBlocks({ client, wsUrl: o.wsUrl, indexOf: workload.indexOf, size: workload.raws.length });
  const finality = o.finalityUrl === undefined ? undefined : await watchFinality(o.finalityUrl);
  const sender = await openSender({ ...o, book, ...(o.receipts && { receiptsOf: workload.hashes }) });
  const endBeside = await o.beside();
  try {
    const close = await o.probes.open();
    const cpu = process.cpuUsage();
    const started = performance.now();
    const used = await Promise.race([sender.send(), observer.failed]);
    const sendingEnded = performance.now();
    await drain(book, workload, sender.again, observer.count);
    const { user, system } = process.cpuUsage(cpu);
    const included = observer.count();
    const costs = await close(included);
    const beside = await endBeside();
    await finality?.reached(observer.blocks.findLast((x) => x.own > 0)?.number ?? 0);
    const indices = [...observer.included.keys()].filter((i) => !Number.isNaN(observer.included[i]));
    const { checked, fault } = await checkReceipts(client, { hashes: workload.hashes, height: observer.height, indices, seed: o.seed });
    if (fault !== undefined) throw benchError("BENCH_RUN_FAILED", fault);
    const own = observer.blocks.filter((x) => x.own > 0);
    const last = own.at(-1)?.at ?? sendingEnded;
    const overall = (1000 * included) / (last - started);
    return {
      used,
      ...(o.rate === undefined ? { window: o.window } : { rate: o.rate }),
      sent: book.sent,
      included,
      refused: tally([...book.refused].flatMap(([i, reason]) => (Number.isNaN(observer.included[i]) ? [reason] : []))),
      refusals: Object.fromEntries(book.refusals),
      seconds: (last - started) / 1000,
      tps: o.rate === undefined ? (steadyRate(own, sendingEnded) ?? overall) : keptRate(own, started, book.lastDue),
      tpsOverall: overall,
      tpsPeak: peakRate(own) ?? overall,
      answerMs: percentiles(latencies(book.due, book.answered)),
      includedMs: percentiles(latencies(book.due, observer.included)),
      finalizedMs: finality && percentiles(observer.height.map((height, i) => finality.at(height) - (book.due[i] as number))),
      receiptMs: percentiles(latencies(book.due, book.received)),
      lagMs: percentiles(book.lag),
      blocks: {
        count: own.length,
        medianTransactions: own.length === 0 ? 0 : median(own.map((x) => x.own)),
        maxTransactions: Math.max(0, ...own.map((x) => x.own)),
      },
      generatorCoreMicros: (user + system) / included,
      recoveryMicros: (before + recoveryMicros()) / 2,
      receiptsChecked: checked,
      ...costs,
      ...beside,
    };
  } finally {
    await endBeside();
    sender.close();
    await finality?.stop();
    await observer.stop();
  }
}

function latencies(from: Float64Array, to: Float64Array): Float64Array {
  return to.map((at, i) => at - (from[i] as number));
}

function tally(reasons: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Until all that was sent is in blocks. What was refused is sent again, as a wallet does: its sender's later nonces wait for it. */
async function drain(
  book: Book,
  { raws }: Workload,
  again: (raws: readonly Uint8Array[], txs: readonly number[]) => Promise<void>,
  count: () => number,
): Promise<void> {
  let seen = count();
  let progress = performance.now();
  let tried = progress;
  while (count() < book.sent) {
    await sleep(LOOK_MS);
    const now = performance.now();
    if (count() > seen) [seen, progress] = [count(), now];
    if (book.refused.size > 0 && now - tried > RETRY_MS) {
      await again(raws, [...book.refused.keys()].sort((a, b) => a - b).slice(0, 500));
      tried = now;
    }
    if (now - progress < STALL_MS) continue;
    const missing = book.sent - count() - book.refused.size; // what was included after a refusal is counted twice: then none is missing
    if (missing <= 0) return; // each of them was refused, with its reason
    throw benchError(
      "BENCH_RUN_FAILED",
      `${missing} of ${book.sent} transactions are in no block and were not refused; ${book.refused.size} were`,
    );
  }
}
